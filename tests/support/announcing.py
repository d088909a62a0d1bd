"""Warnings of recertification on a log of a test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts.events import RecertificationAnnounced
from contracts.registry import name_of
from contracts.topics import Stream
from services.projector.runtime import Projector
from services.scheduler.announcing import Announcing
from services.store import schedules
from services.store.mapper import decode
from services.store.records import ORIGIN
from tests.support.happened import course_completed, enrolled
from tests.support.school import COURSE, SCHOOL, day

if TYPE_CHECKING:
    from datetime import datetime

    from services.domain.schedules import Schedule
    from services.store.log import EventLog
    from tests.support.appended import Appender

SOON_DUE = 350
"""The day on which a completion of day 0 is due in 15 days and a half, by the usual schedule."""


async def keep(log: EventLog, *kept: Schedule, on: float = 0) -> None:
    for it in kept:
        await schedules.put(log.pool, it, day(on))


async def completes(
    appender: Appender, *learners: str, course: str = COURSE, on: float = 0, school: str = SCHOOL
) -> None:
    """Each is enrolled and completes the course on that day."""
    for learner in learners:
        stream = Stream(school, learner, course)
        await appender.happened(enrolled(on), course_completed("earned", on=on), to=stream)


async def project(log: EventLog) -> None:
    await Projector(log).catch_up()


async def announce(log: EventLog, now: datetime, learners: int = 5_000) -> int:
    """A scheduler that has just started, to the end of its pass; returns its turns."""
    return await to_the_end(Announcing(log, lambda: now, learners))


async def to_the_end(part: Announcing) -> int:
    turns = 0
    while await part.turn():
        turns += 1
    return turns


async def found(log: EventLog) -> list[RecertificationAnnounced]:
    """Every warning, in the order of the log."""
    topics = [name_of(RecertificationAnnounced)]
    followed = await log.follow(ORIGIN, 200_000, topics=topics)
    events: list[Any] = [decode(it.topic, it.state) for it in followed]
    return events


async def whom(log: EventLog) -> list[str]:
    return [it.learner for it in await found(log)]
