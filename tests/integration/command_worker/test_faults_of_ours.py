"""A fault of ours in one command costs that command alone: it is buried, with what to do (B2)."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from contracts import topics
from services.command_worker.worker import CommandWorker
from services.commands.handler import CommandHandler
from services.operations.desk import Desk
from services.runtime import patience
from services.runtime.bus.client import Connection
from services.runtime.bus.outbox import Outbox
from services.runtime.bus.provision import create_topics
from services.runtime.clock import now
from services.runtime.patience import OutOfPatienceError
from services.store.directory import Directory
from tests.support.bad import record
from tests.support.kafka import whole
from tests.support.records import Received, received
from tests.support.school import LEARNER, SCHOOL, day, enroll, spend
from tests.support.stack import message

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from services.commands.answers import Answer
    from services.commands.incoming import Incoming
    from services.store.log import EventLog

KEY = f"{SCHOOL}/{LEARNER}".encode()


class Faulty(CommandHandler):
    """Fails on the batch that holds a certain command."""

    def __init__(self, log: EventLog, error: Exception) -> None:
        super().__init__(log, Directory(log.pool), lambda: day(30))
        self._error = error

    async def handle(self, batch: Sequence[Incoming]) -> list[Answer]:
        if "cursed" in {incoming.command_id for incoming in batch}:
            raise self._error
        return await super().handle(batch)


@pytest.fixture
def cluster(kafka: str, topic_prefix: str) -> Connection:
    return Connection(kafka, topic_prefix, idempotent=False)


@asynccontextmanager
async def worker(
    cluster: Connection, log: EventLog, error: Exception, seconds: float = 20
) -> AsyncIterator[CommandWorker]:
    await create_topics(cluster, partitions=2, replication=1)
    async with Outbox(cluster) as outbox:
        yield CommandWorker(Faulty(log, error), Desk(log, now), outbox, cluster, seconds)


def batch() -> list[Received]:
    messages = [
        message(enroll(), "c-0"),
        *(message(spend("a", 1), f"c-{n}") for n in range(1, 5)),
        message(spend("a", 1), "cursed"),
        record(b"garbage", {}, KEY),
        *(message(spend("a", 1), f"c-{n}") for n in range(5, 8)),
    ]
    return [received(one, offset=place) for place, one in enumerate(messages)]


async def test_b2_the_one_command_is_buried_and_the_others_are_answered(
    cluster: Connection, log: EventLog
) -> None:
    async with worker(cluster, log, ZeroDivisionError("of ada")) as it:
        await it.handle(batch())
    results = await whole(cluster.bootstrap, cluster.topic(topics.RESULTS))
    answered = [json.loads(found.value or b"") for found in results]
    assert [(it["command_id"], it["outcome"]) for it in answered] == [
        (f"c-{n}", "accepted") for n in range(8)
    ]
    letters = await whole(cluster.bootstrap, cluster.topic(topics.dead(topics.COMMANDS)))
    marks = [dict(found.headers) for found in letters]
    buried = {it["coursemark_offset"]: it["coursemark_error_code"] for it in marks}
    assert buried == {b"5": b"internal_error", b"6": b"not_json"}
    assert not any(b"ada" in raw for it in marks for raw in it.values())


async def test_where_the_database_stays_away_nothing_is_answered_or_buried(
    cluster: Connection, log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch is not committed, and comes again."""
    monkeypatch.setattr(patience, "FIRST_PAUSE", 0.0)
    async with worker(cluster, log, ConnectionError("gone"), seconds=0) as it:
        with pytest.raises(OutOfPatienceError):
            await it.handle(batch())
    for topic in (topics.RESULTS, topics.dead(topics.COMMANDS)):
        assert await whole(cluster.bootstrap, cluster.topic(topic)) == []
