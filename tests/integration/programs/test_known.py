"""Programmes are known as of a position, and no more of them than fit are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.topics import program_stream
from services.domain.programs import program_of
from services.programs.known import Programs
from services.store.records import ORIGIN
from tests.support.appended import Appender
from tests.support.programs import program, published

if TYPE_CHECKING:
    from services.store.log import EventLog
    from services.store.records import Position

FIRST, SECOND = program("algae"), program("moss", version=2)
HILL = program("algae", "moss", school="hill", program="p-hill")


async def ids(known: Programs, school: str, course: str, at: Position) -> list[str]:
    return [it.program.program for it in await known.requiring(school, course, at)]


async def places(log: EventLog) -> list[Position]:
    """Where each version stands once it is published."""
    appender = Appender(log)
    for it in (FIRST, HILL, SECOND):
        await appender.append([(program_stream(it.school, it.program), published(it))])
    return [it.position for it in await log.follow(ORIGIN, 10)]


async def test_b12_asked_about_an_earlier_place_it_knows_what_was_there(log: EventLog) -> None:
    """As after a cursor was set back."""
    first, hill, second = await places(log)
    known = Programs(log)
    for at, of_algae, of_moss in (
        (second, [], ["p-green"]),
        (hill, ["p-green"], []),
        (first, ["p-green"], []),
        (ORIGIN, [], []),
    ):
        assert await ids(known, "riverside", "algae", at) == of_algae
        assert await ids(known, "riverside", "moss", at) == of_moss


async def test_b12_a_version_that_is_told_replaces_what_was_read(log: EventLog) -> None:
    first, _, second = await places(log)
    known = Programs(log)
    assert await ids(known, "riverside", "algae", first) == ["p-green"]
    known.publish(program_of(SECOND), second)
    assert await ids(known, "riverside", "algae", second) == []
    assert await ids(known, "riverside", "moss", second) == ["p-green"]


async def test_a3_another_school_s_programmes_are_not_its_own(log: EventLog) -> None:
    *_, last = await places(log)
    known = Programs(log, limit=1)
    assert await ids(known, "hill", "algae", last) == ["p-hill"]
    assert await ids(known, "riverside", "algae", last) == []
    assert await ids(known, "hill", "moss", last) == ["p-hill"]
