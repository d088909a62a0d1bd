"""The latest of each stream is kept within a limit; what a refresh named stays, however much."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from contracts.events import LearningProgramPublished
from contracts.topics import program_stream
from services.store.latest import Latest
from services.store.log import EventLog
from services.store.mapper import encode
from tests.support.happened import enrolled
from tests.support.programs import program, published
from tests.support.school import SCHOOL
from tests.support.spec import BEFORE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.store.mapper import LoggedEvent
    from services.store.records import NewEvent


def version(event: LoggedEvent) -> int | None:
    return event.program_version if isinstance(event, LearningProgramPublished) else None


def latest(limit: int) -> Latest[int]:
    return Latest(EventLog(None), version, limit)  # asks no database: it is told what was loaded


def loaded(*names: str, at: int = 1, of: int = 7) -> dict[str, list[NewEvent]]:
    streams = [(program_stream(SCHOOL, it), it) for it in names]
    return {
        stream: [encode(stream, at, published(program("c", program=it, version=of)))]
        for stream, it in streams
    }


A, B, C = (program_stream(SCHOOL, it) for it in "abc")


def test_each_stream_has_its_latest_and_is_read_on_from_there() -> None:
    known = latest(10)
    known.absorb(loaded("a"))
    known.absorb(loaded("a", at=2, of=9) | {B: []})
    assert (known.latest(A), known.reached(A), known.wanted([A, B])) == (9, 2, {A: 2, B: 0})
    assert (known.latest(B), known.reached(B)) == (None, 0)


def test_what_was_read_before_others_read_on_takes_nothing_back() -> None:
    known = latest(10)
    slow = loaded("a", at=2, of=8)
    known.absorb(loaded("a", at=3, of=9))
    known.absorb(slow)
    assert (known.latest(A), known.reached(A)) == (9, 3)


def test_an_event_that_says_nothing_of_it_changes_nothing() -> None:
    known = latest(10)
    known.absorb(loaded("a"))
    known.absorb({A: [encode(A, 2, enrolled().completed(BEFORE | {"attempt": 1}))]})
    assert (known.latest(A), known.reached(A)) == (7, 1)


def test_the_longest_unused_go_and_none_of_those_just_named() -> None:
    """Else a page of more courses than the limit would find some of them unknown."""
    known = latest(2)
    known.absorb(loaded("a", "b"))
    known.absorb({A: []})
    known.absorb(loaded("c"))
    assert known.wanted([A, B, C]) == {A: 1, B: 0, C: 1}
    known.absorb(loaded("a", "b", "c"))
    assert known.wanted([A, B, C]) == {A: 1, B: 1, C: 1}


async def test_what_others_refresh_meanwhile_takes_nothing_away_from_a_refresh() -> None:
    """Its stream is put out while it reads on from there, and nothing new comes."""
    reading, go_on = asyncio.Event(), asyncio.Event()

    class Slow(EventLog):
        async def load(self, after: Mapping[str, int]) -> dict[str, list[NewEvent]]:
            reading.set()
            await go_on.wait()
            return {name: [] for name in after}

    known = Latest(Slow(None), version, 1)
    known.absorb(loaded("a"))
    refreshing = asyncio.create_task(known.refresh([A]))
    await reading.wait()
    known.absorb(loaded("b"))
    assert known.latest(A) is None
    go_on.set()
    await refreshing
    assert (known.latest(A), known.reached(A)) == (7, 1)
