"""Statements in a real learning record store: ``python -m tests.lrs --folder build/lrs``.

A made-up school, or with ``--oulad OUT`` a course of what ``make oulad`` left in OUT, goes to Ralph
by ``coursemark export xapi --lrs``, which is killed on its way and run again. What Ralph says that
it has is counted against the log. It ends with exit code 1 where the two differ.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections import Counter
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import asyncpg

from benchmarks.oulad.counting import BY_VERB, counted
from services.runtime.children import command
from services.runtime.embedded import EmbeddedPostgres
from services.runtime.embedded.waiting import until
from services.store.log import EventLog
from services.store.migrations import migrate
from services.store.pool import open_pool
from tests.lrs.ralph import PASSWORD, USER, Ralph, installed, prepared, running, validated
from tests.support.appended import Appender
from tests.support.cohort import attend, take_back
from tests.support.school import SCHOOL
from tests.support.servers import TEST_SETTINGS, fresh_database, server_folder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LEARNERS = 400
OULAD = "open-university", "AAA-2013J"
HOME = "https://school.example"
BATCH = 50
"""Small, so that there is a middle to be killed in."""


class Source(NamedTuple):
    """A database, and what of it is sent."""

    url: str
    school: str
    course: str | None


@asynccontextmanager
async def source(oulad: Path | None) -> AsyncIterator[Source]:
    if oulad is not None:
        async with EmbeddedPostgres(oulad / "stack" / "postgres") as server:
            yield Source(server.url, *OULAD)
        return
    with server_folder() as folder:
        async with (
            EmbeddedPostgres(folder, settings=TEST_SETTINGS) as server,
            fresh_database(server) as url,
        ):
            pool = await open_pool(url)
            await migrate(pool)
            appender = Appender(EventLog(pool))
            await attend(appender, LEARNERS)
            await take_back(appender, LEARNERS // 2)
            await pool.close()
            yield Source(url, SCHOOL, None)


class Sending:
    """``coursemark export xapi`` as anybody would call it."""

    def __init__(self, source: Source, ralph: Ralph) -> None:
        self._ralph = ralph
        course = () if source.course is None else ("--course", source.course)
        self.words = ("export", "xapi", "--school", source.school, *course, "--home", HOME)
        self._environment = os.environ | {
            "COURSEMARK_DATABASE": source.url,
            "COURSEMARK_LRS_USERNAME": USER,
            "COURSEMARK_LRS_PASSWORD": PASSWORD,
        }

    async def run(self, *more: str) -> None:
        process = await self.start(*more)
        if await process.wait():
            raise RuntimeError(f"exit code {process.returncode}")

    async def start(self, *more: str) -> asyncio.subprocess.Process:
        words = [*self.words, *more]
        tell(f"\n$ coursemark {' '.join(words)}")
        return await asyncio.create_subprocess_exec(*command(*words), env=self._environment)

    async def killed_on_the_way(self, *more: str) -> int:
        """Kill it when the store has some; returns how many it has then."""
        process = await self.start(*more)

        async def some() -> bool:
            return len(await self._ralph.statements()) > BATCH or process.returncode is not None

        assert await until(some, within=60)
        assert process.returncode is None, "it ended before it could be killed"
        process.kill()
        await process.wait()
        return len(await self._ralph.statements())


async def run(folder: Path, programs: Path, oulad: Path | None) -> bool:
    """All of it; whether what Ralph has is what the log has."""
    file = folder / "statements.jsonl"
    settings = prepared(programs, folder / "ralph")
    async with source(oulad) as found, running(programs, folder, settings) as ralph:
        pool = await asyncpg.create_pool(found.url, min_size=0, max_size=2)
        of_log = await counted(pool, BY_VERB, found.school, found.course)
        await pool.execute("delete from projection_cursors where projection like 'xapi:ralph:%'")
        sending = Sending(found, ralph)
        await sending.run("--out", str(file))
        tell(f"Ralph's models accept {validated(programs, file):,} of them.")
        to_ralph = ("--lrs", ralph.url, "--batch", str(BATCH), "--resume", "ralph")
        before = await sending.killed_on_the_way(*to_ralph)
        tell(f"killed -9; Ralph has {before:,} statements.")
        await sending.run(*to_ralph)
        await sending.run("--lrs", ralph.url)
        tell("(all of them once more, from the first event on)")
        await pool.close()
        return say(of_log, Counter(map(verb_of, await ralph.statements())))


def verb_of(statement: dict[str, dict[str, dict[str, str]]]) -> str:
    return statement["verb"]["display"]["en"]


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def say(of_log: Counter[str], of_ralph: Counter[str]) -> bool:
    tell(f"\nThe log, by query:\n{BY_VERB}\n\n{'verb':<12}{'log':>10}{'Ralph':>10}")
    for verb in sorted(of_log | of_ralph):
        tell(f"{verb:<12}{of_log[verb]:>10,}{of_ralph[verb]:>10,}")
    tell(f"{'all':<12}{of_log.total():>10,}{of_ralph.total():>10,}")
    return of_log == of_ralph


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.lrs")
    parser.add_argument("--folder", type=Path, default=Path("build/lrs"))
    parser.add_argument("--oulad", type=Path, help="what make oulad left")
    asked = parser.parse_args()
    programs = installed(asked.folder / "venv")
    if not asyncio.run(run(asked.folder, programs, asked.oulad)):
        sys.exit("Ralph does not have what the log has.")


if __name__ == "__main__":
    main()
