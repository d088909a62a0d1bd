"""A running Coursemark that has records in it: the Open University's, or a made-up school's."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import asyncpg

from benchmarks.bulk import school
from benchmarks.bulk.stage import new_operation, staged
from benchmarks.oulad.mapping import REGISTRAR, SCHOOL
from benchmarks.oulad.stack import Deaths, running
from services.composition.database import database
from services.runtime.addresses import find_side
from services.runtime.clock import now
from services.runtime.settings import Settings
from services.store.tokens import Scope, Tokens

UNBOUND: dict[str, Any] = {"api_per_second": 100_000.0, "api_burst": 1_000_000}
"""One token asks all of it here."""
RECORDS = """
select a.learner, a.course, a.activity from progress.activities a
join progress.courses c using (school, learner, course)
where school = $1 and c.enrolled
order by md5(a.learner || a.course || a.activity) limit 5000
"""
COMMANDS = "select command_id from receipts where school = $1 limit 5000"


class Record(NamedTuple):
    """A learner in a course, and an activity of theirs."""

    learner: str
    course: str
    activity: str


class World(NamedTuple):
    """``where``: the API; ``token``: an administrator's, for everything."""

    where: str
    token: str
    school: str
    records: list[Record]
    commands: list[str]
    events: int

    async def paths(self) -> set[str]:
        """What the API has, as its document says; parameters have no names."""
        async with (
            aiohttp.ClientSession() as client,
            client.get(f"{self.where}/v1/openapi.json") as got,
        ):
            return {unnamed(path) for path in (await got.json())["paths"]}


def unnamed(path: str) -> str:
    """The path with its parameters as mere places."""
    return re.sub(r"\{[^}]*\}", "{}", path)


@asynccontextmanager
async def loaded(out: Path, kafka: str) -> AsyncIterator[World]:
    """What ``make oulad OUT=out KAFKA=kafka`` left."""
    settings = Settings(_env_file=None, data=out / "stack", kafka=kafka, **UNBOUND)
    async with running(settings, Deaths()), database(settings, "api-bench") as pool:
        yield await _world(settings, pool, SCHOOL, REGISTRAR)


@asynccontextmanager
async def made_up(out: Path, kafka: str, learners: int) -> AsyncIterator[World]:
    """A school with one course, marked complete for all its learners."""
    async with staged(out / "stack", kafka, learners, **UNBOUND) as stage:
        for parts in (school.enrolment, school.mark):
            operation = new_operation()
            await stage.run(parts(operation, learners), operation)
        yield await _world(stage.settings, stage.pool, school.LARGE, school.ADMINISTRATOR)


async def _world(settings: Settings, pool: asyncpg.Pool, whose: str, actor: str) -> World:
    scopes: tuple[Scope, ...] = ("commands", "read", "signals")
    token = await Tokens(pool).create(whose, "api-bench", scopes, now(), actor=actor)
    return World(
        where=find_side(settings, "api"),
        token=token.secret,
        school=whose,
        records=[Record(*row) for row in await pool.fetch(RECORDS, whose)],
        commands=[row[0] for row in await pool.fetch(COMMANDS, whose)],
        events=await pool.fetchval("select count(*) from stored_events"),
    )
