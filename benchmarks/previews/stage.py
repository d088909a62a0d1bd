"""A running Coursemark with the school in it, and what can be asked of it."""

import asyncio
import csv
import json
import shutil
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg

from benchmarks.bulk.following import Reports, followed, wait_for
from benchmarks.oulad.stack import Deaths, running
from benchmarks.previews import before, counting, school
from benchmarks.previews.counting import Counts
from benchmarks.previews.outside import Outside, listening, read_topics
from benchmarks.previews.quiet import Quiet, quiet
from benchmarks.previews.school import DEAN, HARBOUR
from contracts.operations import BeginningCommand
from contracts.webhooks import Trigger
from services.cli.send.outgoing import prepared
from services.composition.database import database
from services.mailer.administration import Administration
from services.operations import reading
from services.runtime.bus.client import Connection, connection
from services.runtime.bus.outbox import Outbox
from services.runtime.bus.placing import Sendable
from services.runtime.children import command
from services.runtime.clock import now
from services.runtime.settings import Settings
from services.webhooks.endpoints import Endpoints, Wanted

PARTITIONS = 4
MANY = 10_000.0
"""E-mails and Zaps a second: nobody has to be spared here."""

TOLD: Sequence[Trigger] = (
    *("enrolled", "course_completed", "progress_reset", "completion_revoked"),
    "learning_program_completed",
)
"""What the first endpoint wants to hear of."""


class EndedWrongError(Exception):
    """``coursemark`` did not end as it should; it has said why."""


class Stage(NamedTuple):
    """What everything here stands on."""

    settings: Settings
    cluster: Connection
    pool: asyncpg.Pool
    outbox: Outbox
    reports: Reports
    heard: Outside
    quiet: Quiet

    async def send(self, messages: Iterable[Sendable]) -> None:
        """Send them, and wait until all that comes of them is through."""
        await self.outbox.send(prepared(0, it).message for it in messages)
        await self.quiet.wait()

    async def operate(self, parts: Sequence[BeginningCommand]) -> None:
        """An operation, to its end."""
        operation = parts[0].operation
        await self.outbox.send(prepared(0, it).message for it in parts)
        await wait_for(lambda: self.reports.ended(operation) is not None, operation)

    async def hear(self) -> None:
        """Wait until all that comes of what was done is through, and take it down."""
        await self.quiet.wait()
        await read_topics(self.cluster, self.heard)

    async def foresee(self, parts: Sequence[BeginningCommand]) -> Counts:
        """What an operation that is a dry run says."""
        operation = parts[0].operation
        await self.operate(parts)
        place = self.pool, HARBOUR, operation
        rows = [it async for it in reading.rows(*place)]
        return counting.foreseen(await reading.one(*place), await reading.effects(*place), rows)

    async def by_command(self, words: Sequence[str]) -> Counts:
        """What ``coursemark`` foresees, in its JSON and in its file of rows."""
        out = self.settings.data / "rows.csv"
        said = await self.coursemark(*words, "--out", str(out))
        [report] = [it for it in said if "effects" in it]
        with out.open(encoding="utf-8", newline="") as stream:
            return counting.of_command(report, csv.DictReader(stream))

    async def coursemark(self, *words: str) -> list[dict[str, Any]]:
        """What the command prints as JSON lines; what it says besides is not shown.

        Raises:
            EndedWrongError: its exit code is neither 0 nor 1.
        """
        whose = ("--school", HARBOUR, "--actor", DEAN, "--json")
        where = ("--kafka", self.settings.kafka, "--data", str(self.settings.data))
        process = await asyncio.create_subprocess_exec(
            *command(*words, *whose, *where),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        printed, said = await process.communicate()
        if process.returncode not in {0, 1}:
            raise EndedWrongError(f"coursemark {' '.join(words)}: {said.decode()}")
        return [json.loads(line) for line in printed.splitlines()]


@asynccontextmanager
async def staged(folder: Path, kafka: str, size: int) -> AsyncIterator[Stage]:
    """Everything started anew in the folder; the school stands as ``before`` has it."""
    shutil.rmtree(folder, ignore_errors=True)
    settings = Settings(
        _env_file=None, data=folder, kafka=kafka, partitions=PARTITIONS, mail_per_second=MANY
    )
    heard = Outside(settings.mails)
    async with (
        listening(heard),
        running(settings, Deaths()) as addresses,
        database(settings, "previews") as pool,
        Outbox(cluster := connection(settings, addresses.kafka)) as outbox,
        followed(cluster) as reports,
        quiet(pool, cluster) as looking,
    ):
        stage = Stage(settings, cluster, pool, outbox, reports, heard, looking)
        await _furnish(stage, size)
        yield stage


async def _furnish(stage: Stage, size: int) -> None:
    await stage.send([*school.directory(size), *school.catalog()])
    await stage.send(before.before(size))
    mailer = Administration(stage.pool)
    for group in school.GROUPS:
        for number in range(size):
            if not school.wants_mail(number):
                await mailer.suppress(HARBOUR, school.learner(group, number), now())
    await _endpoints(Endpoints(stage.pool), f"http://127.0.0.1:{stage.heard.port}")


async def _endpoints(endpoints: Endpoints, here: str) -> None:
    """Some of everything, all manual completions of a course, one that is off, and a Zap."""
    await endpoints.allow_private(HARBOUR, allowed=True)
    wanted = (
        Wanted(f"{here}/all", triggers=TOLD),
        Wanted(f"{here}/manual", courses=[school.FIRST_AID], completions="manual"),
        Wanted(f"{here}/zap", kind="zapier", triggers=["activity_completed"], rate=MANY),
    )
    for wish in wanted:
        await endpoints.create(HARBOUR, wish, now())
    off = await endpoints.create(HARBOUR, Wanted(f"{here}/off"), now())
    await endpoints.disable(HARBOUR, off.endpoint, now())
