"""PostgreSQL: there, of our schema, safe, and not held back."""

from collections.abc import Sequence

import asyncpg

from projections.sql import statement
from services.cli.doctor.finding import Finding, fail, ok, warn
from services.cli.projections.standing import of_database
from services.cli.schedules import wording
from services.runtime.clock import now
from services.store.log import EventLog
from services.store.migrations import migrations
from services.views.standing import Standing

OLD_WRITER, STUCK_WRITER = 5.0, 30.0
"""Seconds; PostgreSQL ends a writer that is idle for 30 s."""
LATE = 60.0
"""Seconds that a view or feed may lag before somebody should look."""
_SQL = "services.cli.doctor.sql"


async def server(pool: asyncpg.Pool) -> list[Finding]:
    """Version and durability."""
    version, *settings = await pool.fetchrow(statement(_SQL, "server"))
    unsafe = [
        name
        for name, value in zip(
            ("fsync", "full_page_writes", "synchronous_commit"), settings, strict=True
        )
        if value == "off"
    ]
    durability = (
        fail("durability", f"{', '.join(unsafe)} off", "Turn on: a crash loses what was answered.")
        if unsafe
        else ok("durability", "fsync, full_page_writes and synchronous_commit on")
    )
    return [ok("PostgreSQL", f"version {version}"), durability]


async def schema(pool: asyncpg.Pool) -> list[Finding]:
    """Whether every migration of this version is applied, unchanged."""
    wanted = migrations()
    try:
        applied = dict(await pool.fetch(statement(_SQL, "applied")))
    except asyncpg.UndefinedTableError:
        applied = {}
    missing = [it.name for it in wanted if it.name not in applied]
    changed = [it.name for it in wanted if applied.get(it.name, it.checksum) != it.checksum]
    if changed:
        todo = "Run the version of Coursemark that applied it."
        return [fail("schema", f"{changed[0]} was applied with another content", todo)]
    if missing:
        todo = "Start any part: it applies what is missing."
        return [fail("schema", f"{len(missing)} of {len(wanted)} migrations missing", todo)]
    newer = len(applied.keys() - {it.name for it in wanted})
    detail = f"{wanted[-1].name}, {len(wanted)} migrations"
    if newer:
        return [warn("schema", f"{newer} migrations are newer than this version", "Upgrade.")]
    return [ok("schema", detail)]


async def writers(pool: asyncpg.Pool) -> list[Finding]:
    """The oldest writing transaction holds every follower of the log back."""
    age = await EventLog(pool).oldest_writer_age()
    seconds = 0.0 if age is None else age.total_seconds()
    detail = "no writer at this moment" if age is None else f"the oldest runs for {seconds:.1f} s"
    todo = "End that transaction (pg_stat_activity, backend_xid is not null): nothing moves on."
    if seconds > STUCK_WRITER:
        return [fail("writers", detail, todo)]
    return [warn("writers", detail, todo) if seconds > OLD_WRITER else ok("writers", detail)]


async def projections(pool: asyncpg.Pool) -> list[Finding]:
    """Views and feeds: at work, and close behind the log."""
    return [_standing(it) for it in await _known(pool)]


async def schedules(pool: asyncpg.Pool) -> list[Finding]:
    """Whether a slot has come that nothing has begun."""
    try:
        waiting, late = await pool.fetchrow(statement(_SQL, "schedules"), now())
    except asyncpg.UndefinedTableError:
        return []  # the schema is missing, and said to be
    if late is not None and late > wording.LATE.total_seconds():
        todo = "See that the scheduler runs, and the views: coursemark run scheduler."
        return [warn("schedules", f"a slot has waited for {late:,.0f} s", todo)]
    return [ok("schedules", f"{waiting:,} wait for their time")]


async def erasures(pool: asyncpg.Pool) -> list[Finding]:
    """Whether a person's erasure was begun and is not ended."""
    try:
        broken_off = await pool.fetchval(statement(_SQL, "erasures"))
    except asyncpg.UndefinedTableError:
        return []  # the schema is missing, and said to be
    if not broken_off:
        return []
    todo = "Run each again: coursemark privacy list SCHOOL, then coursemark privacy erase."
    return [warn("erasures", f"{broken_off:,} begun and not ended", todo)]


async def _known(pool: asyncpg.Pool) -> Sequence[Standing]:
    try:
        return await of_database(pool)
    except asyncpg.UndefinedTableError:
        return ()  # the schema is missing, and said to be


def _standing(it: Standing) -> Finding:
    what = f"{it.kind} {it.name}"
    if it.error is not None:
        return fail(
            what, it.error, f"It tries again at once: coursemark projections retry {it.name}."
        )
    if it.problem is not None and it.version:
        return fail(what, it.problem, "Mend it, then start the projector again.")
    if it.problem is not None:
        return warn(what, it.problem, "Start it: coursemark run projector.")
    lag = it.lag or 0.0
    detail = f"{it.behind:,} events behind, {lag:,.1f} s"
    if lag > LATE:
        part = "projector" if it.kind == "view" else "publisher"
        return warn(what, detail, f"See that the {part} runs: coursemark run {part}.")
    return ok(what, detail)
