"""Previews are forgotten after a while, on the topic and in the tables (B5); nothing else is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from contracts import topics
from services.operations import reading
from services.operations.sweeping import KEPT, MANY, Sweeping
from services.runtime.bus.outbox import OutboxError
from services.runtime.clock import now

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.runtime.bus.outbox import Message
    from tests.support.hall import Hall

LATER = KEPT + timedelta(hours=1)


class Sent:
    """Keeps what is sent; unreachable where it is told to be."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.away = False

    async def __call__(self, messages: Iterable[Message]) -> None:
        if self.away:
            raise OutboxError("Kafka is away")
        self.messages += messages


async def _previewed(hall: Hall, count: int = 1) -> None:
    """Previews and one real operation, at their end and told."""
    await hall.enroll("u-1")
    for number in range(count):
        await hall.ask(hall.mark(f"foreseen-{number}", "u-1", "u-2", dry_run=True))
    await hall.ask(hall.mark("real", "u-1"))
    await hall.go()
    await hall.log.pool.execute(
        "update operations set published = revision where school = $1", hall.school
    )


def _sweeping(hall: Hall, sent: Sent, ahead: timedelta) -> Sweeping:
    return Sweeping(hall.log.pool, sent, lambda: now() + ahead, 20)


async def _left(hall: Hall) -> list[str]:
    found = await reading.of_school(hall.log.pool, hall.school, previews=True)
    return sorted(it.operation for it in found)


async def test_b5_an_old_preview_is_forgotten_with_its_rows_and_a_real_operation_stays(
    hall: Hall,
) -> None:
    await _previewed(hall)
    sent = Sent()
    assert not await _sweeping(hall, sent, LATER).sweep()
    assert await _left(hall) == ["real"]
    rows = "select count(*) from operation_rows where school = $1 and operation like 'foreseen%'"
    assert await hall.log.pool.fetchval(rows, hall.school) == 0
    key = topics.operation_key(hall.school, "foreseen-0").encode()
    assert [(it.topic, it.key, it.value) for it in sent.messages] == [
        (topics.OPERATIONS, key, None)
    ]


async def test_b5_a_young_preview_stays(hall: Hall) -> None:
    await _previewed(hall)
    sent = Sent()
    await _sweeping(hall, sent, KEPT - timedelta(hours=1)).sweep()
    assert await _left(hall) == ["foreseen-0", "real"]
    assert sent.messages == []


async def test_b5_an_end_that_was_not_told_yet_is_told_first(hall: Hall) -> None:
    await _previewed(hall)
    untold = "update operations set published = 0 where school = $1"
    await hall.log.pool.execute(untold, hall.school)
    await _sweeping(hall, Sent(), LATER).sweep()
    assert await _left(hall) == ["foreseen-0", "real"]


async def test_b5_while_kafka_is_away_nothing_is_forgotten(hall: Hall) -> None:
    await _previewed(hall)
    sent = Sent()
    sent.away = True
    with pytest.raises(OutboxError):
        await _sweeping(hall, sent, LATER).sweep()
    assert await _left(hall) == ["foreseen-0", "real"]


async def test_b5_many_are_forgotten_some_at_a_time(hall: Hall) -> None:
    await _previewed(hall, MANY + 1)
    sweeping = _sweeping(hall, Sent(), LATER)
    assert [await sweeping.sweep(), await sweeping.sweep()] == [True, False]
    assert await _left(hall) == ["real"]
