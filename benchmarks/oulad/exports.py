"""What leaves the log of a loaded Coursemark, counted against the log by query.

``python -m benchmarks.oulad.exports --out OUT`` starts the servers on what ``make oulad OUT=OUT``
left, without the parts, and by the commands that anybody can give: replays one course and month to
a topic; exports all events as Parquet and as JSON lines; writes xAPI statements. Beside what each
wrote stands what the log has; the exit code is 1 where two numbers differ.
"""

import argparse
import asyncio
import json
import shutil
import sys
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import asyncpg
import duckdb
import uvloop

from benchmarks.oulad.counting import BY_TYPE, BY_VERB, OF_A_COURSE_AND_TIME, counted
from benchmarks.oulad.mapping import SCHOOL
from benchmarks.oulad.stack import OFTEN, Deaths
from contracts.envelope import header
from services.composition.database import database
from services.runtime.addresses import find
from services.runtime.bus.client import connection
from services.runtime.bus.offsets import go_to_end, reader
from services.runtime.bus.record import Record
from services.runtime.children import command, servers
from services.runtime.settings import Settings
from services.runtime.supervisor import Supervisor

COURSE, MONTH = "BBB-2013J", ("2014-01-01", "2014-01-31")
TOPIC = "replays.open-university"
HOME = "https://open-university.example"
POLL_MS = 200
OF_PARQUET = """\
select parse_path(filename)[-4] as type, count(*)
from read_parquet('{}/*/*/*/*.parquet', filename = true, union_by_name = true)
group by type order by type"""


class Exports:
    """Says each command and query, runs it, and compares; ``differs`` has what was not equal."""

    def __init__(self, settings: Settings, pool: asyncpg.Pool, folder: Path) -> None:
        self._settings = settings
        self._pool = pool
        self._folder = folder
        self.differs: list[str] = []

    async def replay(self) -> None:
        """One course and month, by when it was achieved."""
        of = ("--school", SCHOOL, "--course", COURSE)
        when = ("--by", "effective", "--from", MONTH[0], "--until", MONTH[1])
        await self._coursemark("replay", "--to", TOPIC, *of, *when)
        first = datetime.fromisoformat(MONTH[0]).replace(tzinfo=UTC)
        last = datetime.fromisoformat(MONTH[1]).replace(tzinfo=UTC, hour=23, minute=59, second=59)
        _say(f"{OF_A_COURSE_AND_TIME}\n-- {SCHOOL}, {COURSE}, {first} to {last}")
        log = await counted(self._pool, OF_A_COURSE_AND_TIME, SCHOOL, COURSE, first, last)
        self._compare("topic", log, await self._of_topic())

    async def parquet(self) -> None:
        """All of it as columns."""
        out = self._folder / "parquet"
        await self._coursemark("export", "events", "--format", "parquet", "--out", str(out))
        query = OF_PARQUET.format(out)
        _say(f"{query}\n-- DuckDB; and in the log:\n{BY_TYPE}")
        found = Counter(dict(duckdb.execute(query).fetchall()))
        self._compare("Parquet", await counted(self._pool, BY_TYPE, None), found)

    async def ndjson(self) -> None:
        """All of it as lines."""
        out = self._folder / "ndjson"
        await self._coursemark("export", "events", "--format", "ndjson", "--out", str(out))
        found = Counter(
            json.loads(line)["type"]
            for file in sorted(out.glob("*.ndjson"))
            for line in file.open("rb")
        )
        self._compare("lines", await counted(self._pool, BY_TYPE, None), found)

    async def xapi(self) -> None:
        """Statements of the school."""
        out = self._folder / "statements.jsonl"
        where = ("--home", HOME, "--out", str(out))
        await self._coursemark("export", "xapi", "--school", SCHOOL, *where)
        ids, verbs = set(), Counter[str]()
        with out.open("rb") as lines:
            for line in lines:
                statement = json.loads(line)
                ids.add(statement["id"])
                verbs[statement["verb"]["display"]["en"]] += 1
        _say(BY_VERB)
        self._compare("xAPI", await counted(self._pool, BY_VERB, SCHOOL, None), verbs)
        if len(ids) != verbs.total():
            self.differs.append(f"xAPI: {len(ids):,} ids for {verbs.total():,} statements")

    def _compare(self, name: str, log: Counter[str], found: Counter[str]) -> None:
        width = max(map(len, log | found))
        _say(f"{'':<{width}}{'log':>12}{name:>12}")
        for kind in sorted(log | found):
            print(f"{kind:<{width}}{log[kind]:>12,}{found[kind]:>12,}")
        print(f"{'all':<{width}}{log.total():>12,}{found.total():>12,}", flush=True)
        if log != found:
            self.differs.append(name)

    async def _of_topic(self) -> Counter[str]:
        """What the topic has, each event once."""
        types: dict[bytes, str] = {}
        marks: set[bytes] = set()
        async with aclosing(self._records()) as records:
            async for record in records:
                id_, kind, mark = (header(record.headers, f"ce_{it}") for it in _ATTRIBUTES)
                types[id_ or b""] = (kind or b"").decode()
                marks.add(mark or b"")
        _say(f"{TOPIC} has {len(types):,} ids, marked {b', '.join(marks).decode()}")
        return Counter(types.values())

    async def _records(self) -> AsyncGenerator[Record]:
        cluster = connection(self._settings, find(self._settings).kafka)._replace(prefix="")
        consumer = reader(cluster, [TOPIC])
        await consumer.start()
        try:
            ends = await go_to_end(consumer)
            await consumer.seek_to_beginning()
            while [at for at, end in ends.items() if await consumer.position(at) < end]:
                for batch in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                    for record in batch:
                        yield record
        finally:
            await consumer.stop()

    async def _coursemark(self, *words: str) -> None:
        where = ("--kafka", self._settings.kafka, "--data", str(self._settings.data))
        _say(f"$ coursemark {' '.join(words)}")
        began = perf_counter()
        process = await asyncio.create_subprocess_exec(*command(*words), *where)
        if await process.wait():
            self.differs.append(f"exit code {process.returncode}: coursemark {words[0]}")
        print(f"({perf_counter() - began:.1f} s with its start)", flush=True)


_ATTRIBUTES = ("id", "type", "replay")


def _say(text: str) -> None:
    print(f"\n{text}", flush=True)


@asynccontextmanager
async def _servers(settings: Settings) -> AsyncIterator[None]:
    """PostgreSQL and the broker, without the parts: the log stands still."""
    supervisor = Supervisor(Deaths(), OFTEN)
    try:
        await supervisor.start(servers(settings))
        yield
    finally:
        await supervisor.stop()


async def run(out: Path, kafka: str) -> list[str]:
    """The whole of it; what differs."""
    settings = Settings(_env_file=None, data=out / "stack", kafka=kafka)
    folder = out / "exports"
    shutil.rmtree(folder, ignore_errors=True)
    async with _servers(settings), database(settings, "exports") as pool:
        exports = Exports(settings, pool, folder)
        await exports.replay()
        await exports.parquet()
        await exports.ndjson()
        await exports.xapi()
        return exports.differs


def main() -> None:
    """Read the command line and run; exit code 1 where numbers differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.oulad.exports")
    parser.add_argument("--out", type=Path, required=True, help="what make oulad left")
    parser.add_argument("--kafka", default="embedded", choices=("embedded", "apache"))
    asked = parser.parse_args()
    if not (asked.out / "stack").is_dir():
        sys.exit(f"There is nothing in {asked.out}; load it first: make oulad OUT={asked.out}")
    differs = uvloop.run(run(asked.out, asked.kafka))
    if differs:
        sys.exit("These differ from the log: " + "; ".join(differs))


if __name__ == "__main__":
    main()
