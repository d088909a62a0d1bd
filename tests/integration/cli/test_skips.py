"""Promise: a poison event is seen, skipped on record, and listed, on the command line."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from services.projector.runtime import Projector
from services.runtime.embedded.waiting import until
from services.store.log import EventLog
from services.store.migrations import migrate
from services.store.pool import open_pool
from services.store.records import NewEvent
from tests.support.appended import MINE, Appender
from tests.support.command_line import Done, coursemark
from tests.support.happened import enrolled
from tests.support.running import caught_up, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TOMORROW = "coursemark.progress.of_tomorrow.v1"


@pytest.fixture
async def log(database_url: str) -> AsyncIterator[EventLog]:
    pool = await open_pool(database_url)
    await migrate(pool)
    yield EventLog(pool)
    await pool.close()


async def test_an_event_that_stops_every_view_is_skipped_for_one(
    log: EventLog, database_url: str
) -> None:
    async def run(*words: str, stdin: str = "") -> Done:
        options = ("--database", database_url)
        return await asyncio.to_thread(coursemark, "projections", *words, *options, stdin=stdin)

    async def progress() -> dict[str, object]:
        listed = await run("list", "--json")
        [found] = [it for it in json.loads(listed.stdout) if it["name"] == "progress"]
        return dict(found)

    await Appender(log).happened(enrolled())
    await log.append([NewEvent(str(MINE), 2, TOMORROW, b"{}")])
    async with running(Projector(log)):

        async def has_stopped() -> bool:
            return (await progress())["blocked_at"] is not None

        assert await until(has_stopped, within=30)
        at = str((await progress())["blocked_at"])
        assert "since" in (await run("list")).stdout
        refused = await run("skip", "progress", at, "--reason", "of tomorrow", stdin="n\n")
        elsewhere = await run("skip", "progress", "1:1", "--reason", "of tomorrow", "--yes")
        nowhere = await run("skip", "progress", "here", "--reason", "of tomorrow", "--yes")
        unknown = await run("skip", "progres", at, "--reason", "of tomorrow", "--yes")
        assert (refused.returncode, elsewhere.returncode) == (1, 1)
        assert f"stopped at position {at}, not at 1:1" in elsewhere.stderr
        assert (nowhere.returncode, unknown.returncode) == (2, 2)
        assert "one looks like 12:345" in nowhere.stderr
        assert "[unknown_view]" in unknown.stderr
        assert json.loads((await run("skipped", "--json")).stdout) == []

        skipped = await run("skip", "progress", at, "--reason", "of tomorrow", "--yes")
        assert skipped.returncode == 0, skipped
        await caught_up(Projector(log), "progress")
        found = await progress()
        assert (found["error"], found["problem"], found["blocked_since"]) == (None, None, None)
        assert (await run("check", "progress")).returncode == 0
        assert "of tomorrow" in (await run("skipped")).stdout

        back = await run("unskip", "progress", at)
        assert "coursemark projections rebuild progress" in back.stderr
        assert (await run("unskip", "progress", at)).returncode == 1
        assert (await run("rebuild", "progress")).returncode == 70
        [record] = json.loads((await run("skipped", "--json")).stdout)
        assert (record["type"], record["reason"]) == (TOMORROW, "of tomorrow")
        assert record["ended_at"] is not None

        assert "tries again" in (await run("retry", "events_log")).stderr
        assert "has not stopped" in (await run("retry", "progress")).stderr
