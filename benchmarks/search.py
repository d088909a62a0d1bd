"""How long a page of a search takes: ``python -m benchmarks.search [--learners N] [--rounds N]``.

Fills the real tables of an embedded PostgreSQL with made-up learners, ten courses each, and asks
for every mix of ``search_mixes`` through the port: learners, their count, their names and their
records, in one transaction. Beside them, in the same run: a round trip that does nothing, and
counting the table's rows. Then once more after as many records have changed as may wait for a
vacuum, for the searches read indexes alone where they can. "CPU" is what PostgreSQL's own process
took, which is what a page costs on a core that nobody else uses. Plans go to ``<out>/plans.txt``.
"""

import argparse
import json
import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any, NamedTuple

import asyncpg
import psutil
import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks.search_mixes import MIXES, Mix
from projections.search import SEARCH
from projections.sql import statement
from services.projector.rebuild import ensure
from services.runtime.embedded import EmbeddedPostgres
from services.store.log import EventLog
from services.store.migrations import migrate
from services.store.pool import open_pool
from services.views.search import composing, cursor
from services.views.search.criteria import PageRequest
from services.views.search.cursor import Cursor
from services.views.search.port import COUNTED, Count, Page
from services.views.search.postgres import PostgresSearch

SCHOOL, NEIGHBOUR = "northfield", "southfield"
GOAL = 50.0
"""Milliseconds a page."""
COURSES = 10
_HERE = Path(__file__).parent
_LIMITS = {
    "a round trip (select 1)": "select 1",
    "counting every row": "select count(*) from search.records",
}


class Timed(NamedTuple):
    """Milliseconds of each round: by the clock, and of a processor in PostgreSQL."""

    name: str
    rounds: list[float]
    cpu: list[float]
    total: Count | None = None

    @property
    def median(self) -> float:
        return median(self.rounds)

    @property
    def processor(self) -> float:
        return median(self.cpu)

    @property
    def p95(self) -> float:
        return quantiles(self.rounds, n=20, method="inclusive")[18]


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--learners", type=int, default=100_000, help="ten courses each")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--out", type=Path, default=Path("build/search"))
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    console = Console(width=130)
    busy = psutil.cpu_percent(interval=1)
    with tempfile.TemporaryDirectory() as folder:
        async with EmbeddedPostgres(Path(folder) / "postgres") as server:
            pool = await open_pool(server.url, max_size=1)
            await migrate(pool)
            await _fill(pool, arguments.learners)
            fresh = await _measure(pool, arguments.rounds)
            (arguments.out / "plans.txt").write_text(await _plans(pool), encoding="utf-8")
            await pool.execute(_sql("search_touched"))
            touched = await _measure(pool, arguments.rounds)
            rows = await pool.fetchval(
                "select count(*) from search.records where school = $1", SCHOOL
            )
            await pool.close()
    _show(console, fresh, touched, f"{arguments.learners * COURSES:,} records, {rows:,} rows")
    _write(arguments.out / "search.json", {"fresh": fresh, "touched": touched})
    console.print(f"Others took {busy:.0f} % of the processors before it began.")
    console.print(f"Plans and raw figures: {arguments.out}/plans.txt, search.json", highlight=False)


async def _fill(pool: asyncpg.Pool, learners: int) -> None:
    """The school, and a neighbour a fiftieth its size, as a view that was built and vacuumed."""
    await ensure(EventLog(pool), SEARCH)
    for school, number in ((SCHOOL, learners), (NEIGHBOUR, max(learners // 50, 1))):
        await pool.execute(_sql("search_users"), number, school)
        await pool.execute(_sql("search_records"), number, school, COURSES)
    for table in ("search.records", "users"):
        await pool.execute(f"vacuum (analyze) {table}")


async def _measure(pool: asyncpg.Pool, rounds: int) -> list[Timed]:
    search = PostgresSearch(pool)
    pid = await pool.fetchval("select pg_backend_pid()")
    timed = []
    for name, sql in _LIMITS.items():
        timed.append(Timed(name, *await _rounds(partial(pool.fetchval, sql), rounds, pid)))
    for name, mix in MIXES.items():
        page = await _page(search, mix)
        taken = await _rounds(partial(_page, search, mix), rounds, pid)
        timed.append(Timed(name, *taken, page.total))
    return timed


async def _rounds(
    ask: Callable[[], Awaitable[object]], rounds: int, pid: int
) -> tuple[list[float], list[float]]:
    clock, cpu = [], []
    for _ in range(rounds):
        began, before = perf_counter(), _processor(pid)
        await ask()
        clock.append((perf_counter() - began) * 1e3)
        cpu.append(_processor(pid) - before)
    return clock, cpu


def _processor(pid: int) -> float:
    """Milliseconds that the process has run."""
    return int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[0]) / 1e6


async def _page(search: PostgresSearch, mix: Mix) -> Page:
    after = None
    if mix.after is not None:
        asked = cursor.digest(SCHOOL, mix.criteria)
        after = cursor.write(Cursor(search=asked, after=mix.after, learners=COUNTED, exact=False))
    return await search.find(SCHOOL, mix.criteria, PageRequest(after=after))


async def _plans(pool: asyncpg.Pool) -> str:
    """What PostgreSQL does for each mix, to find and count the learners of a page."""
    texts = []
    async with pool.acquire() as connection, connection.transaction(readonly=True):
        await connection.execute(statement("projections.search", "queries/plan"))
        for name, (criteria, after) in MIXES.items():
            most = COUNTED + 1 if after is None else 51
            sql, values = composing.page(SCHOOL, criteria, after or "", most, 51)
            rows = await connection.fetch(f"explain (analyze, buffers) {sql}", *values)
            plan = "\n".join(row[0] for row in rows)
            texts.append(f"== {name}\n{sql}\n\n{plan}\n")
    return "\n".join(texts)


def _show(console: Console, fresh: list[Timed], touched: list[Timed], size: str) -> None:
    table = Table(title=f"A page of 50 learners, over {size}; milliseconds", title_justify="left")
    table.add_column("search", no_wrap=True)
    table.add_column("learners", justify="right", no_wrap=True)
    for heading in ("median", "p95", "CPU", "touched: median", "p95", "CPU"):
        table.add_column(heading, justify="right")
    for it, later in zip(fresh, touched, strict=True):
        figures = [_figure(timed, it.total) for timed in (it, later)]
        table.add_row(it.name, _total(it.total), *figures[0], *figures[1])
    console.print(table)
    for name, timed in (("vacuumed", fresh), ("touched", touched)):
        pages = [it for it in timed if it.total is not None]
        clock = sum(it.median <= GOAL for it in pages)
        cpu = sum(it.processor <= GOAL for it in pages)
        console.print(
            f"{name}: {clock} of {len(pages)} mixes take {GOAL:g} ms or less by the clock, "
            f"{cpu} of processor time (medians)."
        )


def _figure(timed: Timed, total: Count | None) -> list[str]:
    values = timed.median, timed.p95, timed.processor
    over = total is not None
    return [f"[red]{it:,.1f}[/]" if over and it > GOAL else f"{it:,.1f}" for it in values]


def _total(total: Count | None) -> str:
    if total is None:
        return ""
    return f"{total.learners:,}" if total.exact else f"over {total.learners:,}"


def _write(file: Path, parts: dict[str, list[Timed]]) -> None:
    body: dict[str, Any] = {
        part: [it._asdict() | {"total": _total(it.total)} for it in timed]
        for part, timed in parts.items()
    }
    file.write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _sql(name: str) -> str:
    return (_HERE / f"{name}.sql").read_text("utf-8")


if __name__ == "__main__":
    uvloop.run(main())
