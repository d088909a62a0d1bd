"""A part that slept longer than its session wakes up and goes on; nothing of it is harmful."""

from __future__ import annotations

import os
import signal
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import TYPE_CHECKING

import asyncpg
import pytest

from contracts.directory import User
from services.composition.database import database
from services.runtime.addresses import Addresses
from services.runtime.bus.client import connection
from services.runtime.bus.outbox import Message, Outbox
from services.runtime.bus.provision import create_topics
from services.runtime.children import KeptPart, environment
from services.runtime.embedded.waiting import until
from tests.support.stack import reference, settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from contracts.fields import RoleLevel
    from services.runtime.settings import Settings

WITHIN = 60


@asynccontextmanager
async def part(name: str, chosen: Settings, folder: Path) -> AsyncIterator[KeptPart]:
    addresses = Addresses(chosen.kafka, chosen.database.get_secret_value())
    kept = KeptPart(name, folder, environment(chosen, addresses))
    await kept.start()
    try:
        yield kept
    finally:
        await kept.stop()


@contextmanager
def asleep(kept: KeptPart) -> Iterator[Callable[[], None]]:
    """SIGSTOP until what it gives is called, or the block ends."""
    pid = kept._child.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    wake = partial(os.kill, pid, signal.SIGCONT)
    try:
        yield wake
    finally:
        wake()


@pytest.mark.apache
async def test_a_directory_record_that_slept_does_not_overwrite_a_later_one(
    apache_kafka: str, database_url: str, topic_prefix: str, tmp_path: Path
) -> None:
    """A1: whoever was an administrator before the sleep is none again after it."""
    chosen = settings(apache_kafka, database_url, topic_prefix, partitions=1)
    cluster = connection(chosen, apache_kafka)

    def ada(level: RoleLevel) -> Message:
        return reference(User(school="riverside", user="ada", role_level=level))

    async def is_(level: RoleLevel, user: str = "ada") -> bool:
        connection = await asyncpg.connect(database_url)
        try:
            query = "select role_level from users where user_id = $1"
            return level == await connection.fetchval(query, user)
        finally:
            await connection.close()

    async with database(chosen, "tests"):
        await create_topics(cluster, chosen.partitions, 1)

    async with (
        part("reference-data", chosen, tmp_path / "sleeper") as sleeper,
        Outbox(cluster) as outbox,
    ):
        await outbox.send([ada("instructor")])
        assert await until(lambda: is_("instructor"), within=WITHIN)
        with asleep(sleeper) as wake:
            await outbox.send([ada("admin")])  # answers a fetch: it waits in the sleeper's socket
            async with part("reference-data", chosen, tmp_path / "other"):
                assert await until(lambda: is_("admin"), within=WITHIN)
                await outbox.send([ada("user")])
                assert await until(lambda: is_("user"), within=WITHIN)
                wake()
            # Alone again, the sleeper has dealt with what it slept on before it takes this.
            await outbox.send([reference(User(school="riverside", user="bob"))])
            assert await until(lambda: is_("user", "bob"), within=WITHIN)
            assert await is_("user")
