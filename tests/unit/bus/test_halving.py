"""One record that the work fails on costs its neighbours nothing but a little time (B2)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from services.runtime import patience
from services.runtime.bus.halving import by_halves
from services.runtime.patience import OutOfPatienceError
from tests.support.records import Received

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.runtime.bus.record import Record

RECORDS = [Received("commands", None, b"%d" % n, offset=n) for n in range(13)]


class Work:
    """Gives each record's number, and fails on some; remembers the sizes of its batches."""

    def __init__(self, *fails_on: int, error: type[Exception] = ZeroDivisionError) -> None:
        self._fails_on = fails_on
        self._error = error
        self.sizes: list[int] = []

    async def __call__(self, records: Sequence[Record]) -> list[int]:
        self.sizes.append(len(records))
        numbers = [record.offset for record in records]
        if set(numbers) & set(self._fails_on):
            raise self._error("of ada@example.org")
        return numbers


async def halved(work: Work, seconds: float = 1) -> tuple[list[int], list[int]]:
    done, dead = await by_halves(RECORDS, work, seconds, "the test")
    return done, [record.offset for record, _ in dead]


async def test_a_batch_without_a_fault_is_done_at_once() -> None:
    work = Work()
    assert await halved(work) == (list(range(13)), [])
    assert work.sizes == [13]


async def test_no_records_are_no_work() -> None:
    work = Work()
    assert await by_halves([], work, 1, "the test") == ([], [])
    assert work.sizes == []


@pytest.mark.parametrize("bad", [[0], [12], [6], [0, 12], [5, 6, 7], list(range(13))])
async def test_the_others_are_done_in_order(bad: list[int]) -> None:
    done, dead = await halved(Work(*bad))
    assert (done, dead) == ([n for n in range(13) if n not in bad], bad)


async def test_the_one_is_found_in_few_tries() -> None:
    work = Work(6)
    await halved(work)
    assert len(work.sizes) <= 2 * 4 + 1  # the binary logarithm of 13, rounded up


async def test_the_fault_is_logged_and_its_sentence_tells_nobody_s_data(
    caplog: pytest.LogCaptureFixture,
) -> None:
    _, [(record, problem)] = await by_halves(RECORDS, Work(6), 1, "the test")
    assert record is RECORDS[6]
    assert problem.code == "internal_error"
    assert problem.message == (
        "A fault of Coursemark (ZeroDivisionError); report it, and send the message again with "
        "`coursemark dead retry` when it is mended."
    )
    [logged] = [it for it in caplog.records if it.levelno == logging.ERROR]
    assert logged.getMessage() == "the test: the record commands[3]@6 cannot be handled"
    assert logged.exc_info


async def test_where_a_server_is_away_no_record_is_to_blame(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "FIRST_PAUSE", 0.0)
    work = Work(6, error=ConnectionError)
    with pytest.raises(OutOfPatienceError):
        await halved(work, seconds=0)
    assert set(work.sizes) == {13}
