"""PostgreSQL or Kafka gone under load: 503 with Retry-After, nothing lost, back by itself (B1)."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from services.runtime.embedded import EmbeddedBroker, EmbeddedPostgres
from services.runtime.embedded.waiting import until
from tests.integration.api.conftest import serving
from tests.integration.api.test_commands import OF
from tests.support.servers import TEST_SETTINGS, server_folder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from tests.integration.api.conftest import Api

AWAY = 10.0
"""Seconds."""
CLIENTS = 8
ENDS = 90.0
QUICK: dict[str, Any] = {"api_per_second": 10_000, "api_burst": 10_000}
SIGNAL = {**OF, "activity": "welcome", "signal": {"kind": "time_spent", "seconds": 1}}


class Clients:
    """Each sends one command after the other, and the same again until it is carried out."""

    def __init__(self, api: Api, token: str) -> None:
        self._api = api
        self._token = token
        self.carried_out: set[str] = set()
        self.told: Counter[tuple[int, str | None]] = Counter()
        self.without_retry_after = 0

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """They end their last command after the block."""
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for number in range(CLIENTS):
                group.create_task(self._one(number, stop))
            yield
            stop.set()

    async def _one(self, client: int, stop: asyncio.Event) -> None:
        number = 0
        while not stop.is_set():
            await self._carried_out(f"c-{client}-{number}")
            number += 1

    async def _carried_out(self, key: str) -> None:
        async with asyncio.timeout(ENDS):
            while key not in self.carried_out:
                got = await self._api.command("record-activity", self._token, key, SIGNAL, wait=10)
                self.told[got.status, got.code] += 1
                if got.status == 200:
                    self.carried_out.add(key)
                elif got.status == 503:
                    self.without_retry_after += "Retry-After" not in got.headers
                    await asyncio.sleep(0.2)  # a client that is less patient than it is asked to be


async def _story(
    api: Api, take_away: Callable[[], Awaitable[None]], bring_back: Callable[[], Awaitable[None]]
) -> Counter[tuple[int, str | None]]:
    """Load, the server gone for ten seconds, load again; every key has exactly one event."""
    token = await api.token()
    assert (await api.command("enroll-learner", token, "enrol", OF, wait=30)).status == 200
    clients = Clients(api, token)
    async with clients.at_work():
        await _carried_out(clients, 20)
        await take_away()
        try:
            await asyncio.sleep(AWAY)  # how long it is away is what is tried here
            before = len(clients.carried_out)
        finally:
            await bring_back()
        await _carried_out(clients, before + 20)
    assert clients.without_retry_after == 0
    sql = (
        "select convert_from(state, 'UTF8')::jsonb ->> 'command_id' from stored_events"
        " where originator_id = $1 and topic like '%time_spent_recorded%'"
    )
    stored = [row[0] for row in await api.pool.fetch(sql, f"{api.school}/u-1204/biology-1")]
    assert Counter(stored) == Counter(clients.carried_out)
    return clients.told


async def _carried_out(clients: Clients, count: int) -> None:
    async def enough() -> bool:
        return len(clients.carried_out) >= count

    assert await until(enough, within=ENDS), clients.told


@pytest.mark.slow
async def test_b1_postgresql_gone_for_ten_seconds_under_load_loses_nothing(
    embedded_kafka: str, topic_prefix: str
) -> None:
    with server_folder() as folder:
        async with (
            EmbeddedPostgres(folder, settings=TEST_SETTINGS) as server,
            serving(embedded_kafka, server.url, topic_prefix, "command-worker", **QUICK) as api,
        ):
            told = await _story(api, lambda: server.stop(immediate=True), server.start)
    assert told[503, "server_away"] > 0
    assert {status for status, _ in told} <= {200, 202, 409, 503}


@pytest.mark.slow
async def test_b1_kafka_gone_for_ten_seconds_under_load_loses_nothing(
    database_url: str, topic_prefix: str
) -> None:
    with server_folder() as folder:
        async with (
            EmbeddedBroker(folder) as broker,
            serving(broker.bootstrap, database_url, topic_prefix, "command-worker", **QUICK) as api,
        ):
            pid = broker.pid
            assert pid is not None

            async def silent() -> None:
                os.kill(pid, signal.SIGSTOP)

            async def back() -> None:
                os.kill(pid, signal.SIGCONT)

            told = await _story(api, silent, back)
    assert told[503, "server_away"] > 0
    assert {status for status, _ in told} <= {200, 202, 409, 503}
