"""What three endpoints of a school get, one of them dead, is what its log has (`make webhooks`).

The same as with all of the Open University, on a made-up school with every kind of row.
"""

from __future__ import annotations

import io
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest_asyncio
from rich.console import Console

from benchmarks.oulad.mapping import SCHOOL
from benchmarks.oulad.source import read
from benchmarks.oulad.telling import School, Told
from benchmarks.oulad.webhooks import table
from services.store.log import EventLog
from services.store.mapper import encode
from services.store.migrations import migrate
from services.store.pool import open_pool
from tests.support import oulad
from tests.support.stack import parts, settings
from tests.unit.oulad.conftest import FILES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest_asyncio.fixture
async def log(database_url: str, tmp_path: Path) -> AsyncIterator[EventLog]:
    """A log with the events of a made-up school."""
    pool = await open_pool(database_url)
    await migrate(pool)
    log = EventLog(pool)
    for stream, events in oulad.happened(read(oulad.write(tmp_path / "made-up", FILES))):
        await log.append([encode(str(stream), number, it) for number, it in enumerate(events, 1)])
    yield log
    await pool.close()


async def test_three_endpoints_get_what_the_log_has(
    log: EventLog, embedded_kafka: str, database_url: str, topic_prefix: str
) -> None:
    # B11, M11: from the log by Kafka and the queue to receivers that verify each signature; the
    # dead one's are parked, and arrive when it is back.
    chosen = settings(embedded_kafka, database_url, topic_prefix)

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        async with parts(chosen, "publisher", "webhook-dispatcher"):
            yield

    said: list[str] = []
    told = await School(log.pool, SCHOOL, said.append).tell(running)
    assert [it.endpoint for it in told] == ["/all", "/manual", "/dead"]
    assert not any(it.differs for it in told), told
    assert told[0].got == told[2].got
    assert set(told[1].got) == {"activity_completed", "course_completed"}
    assert sum(told[1].got.values()) < sum(told[0].got.values())
    assert any("parked" in it for it in said)


def test_a_count_that_differs_is_seen() -> None:
    printed = io.StringIO()
    wrong = Told("/all", {"enrolled": 1}, {"enrolled": 2}, 0, 0)
    Console(file=printed).print(table([wrong]))
    assert "NO" in printed.getvalue()
    assert wrong.differs
    assert Told("/all", {}, {}, 0, 1).differs
