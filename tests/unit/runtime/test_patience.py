"""Work is tried again while a server is away, not for ever, and never for a fault of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

from services.runtime import patience
from services.runtime.bus.outbox import OutboxError, TooLargeError
from services.runtime.patience import OutOfPatienceError, patiently

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSING = [
    ConnectionResetError("gone"),
    TimeoutError(),
    asyncpg.CannotConnectNowError("starting"),
    asyncpg.AdminShutdownError("stopping"),
    asyncpg.TooManyConnectionsError("full"),
    asyncpg.InterfaceError("connection is closed"),
    asyncpg.InternalClientError("cannot switch to state 15; another operation is in progress"),
    asyncpg.DeadlockDetectedError("deadlock"),
    OutboxError("no broker"),
]
LASTING = [
    ZeroDivisionError(),
    asyncpg.UniqueViolationError("there"),
    asyncpg.UndefinedTableError("no table"),
    asyncpg.exceptions._base.DataError("cannot be encoded"),
    TooLargeError("too large"),
    UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
]


class Work:
    """Fails as often as there are errors, then gives a number."""

    def __init__(self, *errors: Exception) -> None:
        self._errors: Iterator[Exception] = iter(errors)
        self.tries = 0

    async def __call__(self) -> int:
        self.tries += 1
        for error in self._errors:
            raise error
        return 7


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST_PAUSE", 0.0)


@pytest.mark.parametrize("error", PASSING, ids=lambda it: type(it).__name__)
async def test_what_passes_is_waited_for(error: Exception) -> None:
    work = Work(error, error)
    assert (await patiently(work, 60, "the test"), work.tries) == (7, 3)


@pytest.mark.parametrize("error", LASTING, ids=lambda it: type(it).__name__)
async def test_what_stays_is_told_at_once(error: Exception) -> None:
    work = Work(error)
    with pytest.raises(type(error)):
        await patiently(work, 60, "the test")
    assert work.tries == 1


async def test_it_gives_up_after_its_time_and_says_what_to_do() -> None:
    cause = ConnectionRefusedError("nobody listens")
    with pytest.raises(OutOfPatienceError, match="the test: gave up after 0 s") as given_up:
        await patiently(Work(*[cause] * 1_000_000), 0, "the test")
    assert given_up.value.__cause__ is cause
    assert str(given_up.value).endswith(
        "(ConnectionRefusedError: nobody listens); check that PostgreSQL and Kafka run, then "
        "start this part again."
    )


async def test_each_pause_is_twice_the_one_before_up_to_the_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses: list[float] = []

    async def slept(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(patience, "FIRST_PAUSE", 1.0)
    monkeypatch.setattr(patience.random, "uniform", lambda _low, high: high)
    monkeypatch.setattr(patience.asyncio, "sleep", slept)
    await patiently(Work(*[TimeoutError()] * 5), 60, "the test")
    assert pauses == [1, 2, 4, patience.LONGEST_PAUSE, patience.LONGEST_PAUSE]
