"""Property: whatever is previewed happens just so when it is sent, and a preview changes nothing.

Schools, histories and commands of every type are drawn; several commands of one batch are about
one stream. Each is previewed in three ways: all together beforehand, and each by itself just
before it, in the middle of a batch of real commands.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from contracts import registry
from contracts.directory import School, User
from contracts.topics import Stream
from services.commands.handler import CommandHandler
from services.commands.incoming import Incoming, fingerprint
from services.domain.course import Course
from services.store.directory import Directory
from tests.support import histories, school
from tests.support.appended import Appender
from tests.support.decided import STREAMS, commands

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from hypothesis.strategies import DrawFn

    from contracts.catalog import CourseStructure
    from contracts.commands import Command
    from services.store.log import EventLog

EARLIER, LATER = school.day(30), school.day(31)
UNKNOWN = Stream(school.SCHOOL, "u-unknown", school.COURSE)
SOMEWHERE = st.sampled_from([*STREAMS * 3, UNKNOWN, UNKNOWN._replace(course="nowhere")])


class World(NamedTuple):
    """A school with what has happened in it and what is asked for then."""

    plan: str | None
    level: str
    structures: list[CourseStructure]
    before: list[Command]
    asked: list[Command]


@st.composite
def sent(draw: DrawFn, at: datetime, *, most: int) -> list[Command]:
    """Commands to some streams, in order."""
    steps = st.tuples(SOMEWHERE, commands, histories.SINCE)
    return [
        _at(at, since, command.model_copy(update=stream._asdict()))
        for stream, command, since in draw(st.lists(steps, min_size=1, max_size=most))
    ]


def _at(at: datetime, since: timedelta | None, command: Command) -> Command:
    return command.model_copy(update={"effective_at": None if since is None else at + since})


worlds = st.builds(
    World,
    st.sampled_from(["starter"] * 9 + ["free", None]),
    st.sampled_from(["admin"] * 9 + ["instructor"]),
    st.lists(histories.structures(), min_size=1, max_size=2),
    sent(EARLIER, most=12),
    sent(LATER, most=16),
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=worlds)
async def test_b5_what_is_previewed_is_what_happens_then(log: EventLog, world: World) -> None:
    name = f"s{uuid.uuid4().hex[:8]}"
    await _set_up(log, name, world)
    enrolled = [_moved(school.enroll(), to) for to in STREAMS]
    await _handler(log, EARLIER).handle(_incoming(name, "before", [*enrolled, *world.before]))
    asked, stands = _incoming(name, "asked", world.asked), await _all(log)

    together = [it.to_json() for it in await _handler(log, LATER).preview(asked)]
    alone = await _handler(log, LATER).handle([_dry(it) for it in asked])
    assert await _all(log) == stands

    mixed = [it for each in asked for it in (_dry(each), each)]
    answers = [it.body for it in await _handler(log, LATER).handle(mixed)]
    previewed, happened = answers[::2], list(map(json.loads, answers[1::2]))
    assert list(map(_without_id, previewed)) == list(map(_without_id, together))
    assert [_outcome(json.loads(it)) for it in previewed] == list(map(_outcome, happened))
    assert _without_id(alone[0].body) == _without_id(together[0])
    assert await _receipts(log, name) == {it.command_id for it in [*asked]} | {
        f"before-{n}" for n in range(len(enrolled) + len(world.before))
    }
    for it in happened:
        event(it.get("code") or f"accepted, events: {len(it['events']) > 0}")


def _outcome(result: dict[str, Any]) -> dict[str, Any]:
    """What preview and result have in common."""
    return {
        "would": result.get("would", result["outcome"]),
        "code": result.get("code"),
        "message": result.get("message"),
        "events": [(it["type"], it.get("activity")) for it in result.get("events", ())],
        "skipped": result.get("skipped", []),
        "whose": [result[it] for it in ("school", "learner", "course", "command_type")],
        "recorded_at": result["recorded_at"],
    }


def _without_id(preview: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(preview)
    assert found["outcome"] == "previewed"
    return found | {"command_id": None}


async def _set_up(log: EventLog, name: str, world: World) -> None:
    directory = Directory(log.pool)
    if world.plan is not None:
        await directory.put_schools([School(school=name, plan=world.plan)])
    await directory.put_users(
        [
            *(User(school=name, user=it) for it in {stream.learner for stream in STREAMS}),
            User(school=name, user=school.ADMINISTRATOR, role_level=world.level),  # type: ignore[arg-type]
        ]
    )
    courses = sorted({stream.course for stream in STREAMS})
    appender = Appender(log)
    for course, structure in zip(courses, world.structures, strict=False):
        await appender.published(Course(structure, school.day(0)), name, course)


def _handler(log: EventLog, now: datetime) -> CommandHandler:
    return CommandHandler(log, Directory(log.pool), lambda: now)


def _moved(command: Command, stream: Stream) -> Command:
    return command.model_copy(update=stream._asdict())


def _incoming(name: str, prefix: str, asked: list[Command]) -> list[Incoming]:
    found = []
    for number, each in enumerate(asked):
        command = each.model_copy(update={"school": name})
        type_ = registry.name_of(command)
        digest = fingerprint(type_, command)
        found.append(Incoming(b"k", f"{prefix}-{number}", type_, command, digest, LATER))
    return found


def _dry(incoming: Incoming) -> Incoming:
    command = incoming.command.model_copy(update={"dry_run": True})
    return incoming._replace(command=command, fingerprint=b"", command_id="dry")


async def _receipts(log: EventLog, name: str) -> set[str]:
    rows = await log.pool.fetch("select command_id from receipts where school = $1", name)
    return {row[0] for row in rows}


async def _all(log: EventLog) -> list[Any]:
    """How much stands in each table that a command may lead to a row in."""
    tables = await log.pool.fetch(
        "select table_schema, table_name from information_schema.tables"
        " where table_type = 'BASE TABLE'"
        " and table_schema not in ('information_schema', 'pg_catalog')"
    )
    return [
        (table, await log.pool.fetchval(f'select count(*) from "{schema}"."{table}"'))  # noqa: S608
        for schema, table in sorted(tables)
    ]
