"""PostgreSQL or Kafka away: 503 with Retry-After, nothing lost, and it goes on by itself."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

from services.runtime.embedded import EmbeddedBroker, EmbeddedPostgres
from services.runtime.embedded.waiting import until
from services.store.people import people
from tests.integration.api.conftest import serving
from tests.integration.api.test_commands import OF
from tests.support.servers import TEST_SETTINGS, server_folder

if TYPE_CHECKING:
    from tests.integration.api.conftest import Api, Got


def _is_away(got: Got) -> bool:
    return (got.status, got.code, got.headers.get("Retry-After")) == (503, "server_away", "2")


async def test_postgresql_away_is_503_and_then_as_before(
    embedded_kafka: str, topic_prefix: str
) -> None:
    with server_folder() as folder:
        async with (
            EmbeddedPostgres(folder, settings=TEST_SETTINGS) as server,
            serving(embedded_kafka, server.url, topic_prefix, "command-worker") as api,
        ):
            token = await api.token()
            assert (await api.ask("GET", "/v1/me", token)).status == 200
            await server.stop(immediate=True)
            answers = await asyncio.gather(
                *(api.ask("GET", "/v1/learners/u-1204/courses", token) for _ in range(5)),
                api.command("enroll-learner", token, "e-1", OF, wait=30),
            )
            assert all(map(_is_away, answers)), answers
            await server.start()

            async def accepted() -> bool:
                got = await api.command("enroll-learner", token, "e-1", OF, wait=30)
                return got.status == 200

            assert await until(accepted, within=60)


async def test_kafka_away_is_503_for_commands_alone_and_a_repeat_is_carried_out_once(
    database_url: str, topic_prefix: str
) -> None:
    with server_folder() as folder:
        async with (
            EmbeddedBroker(folder) as broker,
            serving(broker.bootstrap, database_url, topic_prefix, "command-worker") as api,
        ):
            token = await api.token(scopes=("commands", "manage", "read"))
            assert (await api.command("enroll-learner", token, "e-1", OF, wait=30)).status == 200
            unenrolled, erased = await _while_stopped(broker, api, token)
            assert _is_away(unenrolled), unenrolled
            assert _is_away(erased), erased

            async def accepted() -> bool:
                got = await api.command("unenroll-learner", token, "e-2", OF, wait=30)
                return got.status == 200

            assert await until(accepted, within=60)
            count = "select count(*) from stored_events where topic like '%learner_unenrolled%'"
            assert await api.pool.fetchval(count) == 1
            assert (await _erase(api, token)).body["steps"][-1]["step"] == "ended"
            assert await people(api.pool, api.school, ["u-1205"]) == {}


async def _erase(api: Api, token: str) -> Got:
    """With whom nothing ever happened; the tombstones go over Kafka."""
    return await api.ask("PUT", "/v1/users/u-1205/erasure", token, json={})


async def _while_stopped(broker: EmbeddedBroker, api: Api, token: str) -> tuple[Got, Got]:
    """What a command and an erasure are answered while the broker says nothing; reads go on."""
    assert broker.pid is not None
    os.kill(broker.pid, signal.SIGSTOP)
    try:
        unenrolled, erased, me = await asyncio.gather(
            api.command("unenroll-learner", token, "e-2", OF, wait=30),
            _erase(api, token),
            api.ask("GET", "/v1/me", token),
        )
        assert me.status == 200
        return unenrolled, erased
    finally:
        os.kill(broker.pid, signal.SIGCONT)
