"""A running Coursemark with both schools in it, and what can be done on it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any, Literal, NamedTuple
from uuid import uuid4

import asyncpg

from benchmarks.bulk import school
from benchmarks.bulk.following import Reports, followed, wait_for, wait_for_views
from benchmarks.bulk.over_http import OverHttp, over_http
from benchmarks.oulad.export import export
from benchmarks.oulad.stack import Deaths, running
from contracts.operations import OperationReported
from services.composition.database import database
from services.runtime.bus.client import Connection, connection
from services.runtime.bus.outbox import Message, Outbox
from services.runtime.embedded.waiting import until
from services.runtime.settings import Settings
from services.store.directory import Directory

NEIGHBOURS = 400
"""Learners of the other school: enough for a few minutes of first visits."""
CHUNK = 2_000
Via = Literal["kafka", "http"]
"""How operations are asked for, and their progress is heard."""


class Ended(NamedTuple):
    """An operation that has come to its end; seconds since its first part was sent."""

    operation: str
    seconds: float
    in_progress_view: float
    in_all_views: float
    report: OperationReported


class Stage(NamedTuple):
    """What everything here stands on."""

    settings: Settings
    cluster: Connection
    pool: asyncpg.Pool
    outbox: Outbox
    reports: Reports
    deaths: Deaths
    http: OverHttp | None

    async def run(self, messages: list[Message], operation: str) -> Ended:
        """Send an operation's parts, and wait for its end and the views'."""
        began = perf_counter()
        if self.http is None:
            await self.outbox.send(messages)
            await wait_for(lambda: self.reports.ended(operation) is not None, operation)
        else:
            await self.http.send(messages)
            await self.http.follow(operation)
        report = self.reports.ended(operation)
        assert report is not None, operation  # noqa: S101 - it was waited for
        done = perf_counter() - began
        await wait_for_views(self.pool, "progress")
        progress = perf_counter() - began
        await wait_for_views(self.pool)
        return Ended(operation, done, progress, perf_counter() - began, report)

    async def digests(self, folder: Path) -> dict[str, str]:
        """The sha256 of the large school's lines of the progress view as it is exported."""
        files = [await export(what, folder, self.settings) for what in ("progress", "activities")]
        return {file.name: _digest(file) for file in files}

    async def events(self) -> int:
        """How many the log holds."""
        return int(await self.pool.fetchval("select count(*) from stored_events"))


@asynccontextmanager
async def staged(
    folder: Path, kafka: str, learners: int, *, via: Via = "kafka", **more: Any
) -> AsyncIterator[Stage]:
    """Everything started anew in the folder, both schools known; ``more`` are settings."""
    shutil.rmtree(folder, ignore_errors=True)
    settings = Settings(_env_file=None, data=folder, kafka=kafka, **more)
    deaths = Deaths()
    async with (
        running(settings, deaths) as addresses,
        database(settings, "bulk") as pool,
        Outbox(cluster := connection(settings, addresses.kafka)) as outbox,
        AsyncExitStack() as stack,
    ):
        reports, http = Reports(), None
        if via == "http":
            http = await stack.enter_async_context(over_http(settings, pool, reports))
        else:
            reports = await stack.enter_async_context(followed(cluster))
        stage = Stage(settings, cluster, pool, outbox, reports, deaths, http)
        await _people(pool, learners)
        await outbox.send(school.structures())
        await _courses(pool)
        yield stage


async def _people(pool: asyncpg.Pool, learners: int) -> None:
    directory = Directory(pool)
    await directory.put_schools(school.schools())
    users = list(school.users(learners, NEIGHBOURS))
    for start in range(0, len(users), CHUNK):
        await directory.put_users(users[start : start + CHUNK])


async def _courses(pool: asyncpg.Pool) -> None:
    async def known() -> bool:
        return bool(await pool.fetchval("select count(*) = 2 from stored_events"))

    if not await until(known, within=60):
        raise TimeoutError("the courses did not come into the log")


def _digest(file: Path) -> str:
    digest, begins = sha256(), f"{school.LARGE},".encode()
    with file.open("rb") as lines:
        for line in lines:
            if line.startswith(begins):
                digest.update(line)
    return digest.hexdigest()


def new_operation() -> str:
    return str(uuid4())
