"""Learners of a made-up course to whom everything has happened that can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts.events import ActivityCompleted, TimeSpentRecorded
from contracts.topics import Stream
from tests.support.happened import (
    activities_reset,
    claimed,
    course_completed,
    course_reset,
    earned,
    enrolled,
    imported,
    joined,
    marked,
    reset_revoked,
    spent,
    submitted,
    unenrolled,
    visited,
)
from tests.support.school import COURSE, SCHOOL, activity, course, day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.appended import Appender
    from tests.support.happened import Draft

ACTIVITIES = ("film", "quiz", "essay", "paper", "talk")
EVENTS = 20
"""Of each learner, in two attempts."""


def history(number: int) -> Iterator[Draft]:
    """What happens to a learner, with scores and days of their own."""
    yield enrolled(on=number % 60)
    yield visited("film")
    yield spent("film", 60 + number)
    yield earned("film", on=number % 60 + 1)
    yield submitted("quiz", number % 50, passed=False)
    yield submitted("quiz", 50 + number % 50, passed=True)
    yield earned("quiz", "exam", 50 + number % 50, on=number % 60 + 2)
    yield submitted("essay", number % 100)
    yield imported("essay", "form", number % 100, on=number % 60)
    yield joined("talk")
    yield claimed("paper")
    yield marked("paper", "certificate", 100, on=number % 60 + 3)
    yield marked("talk", "live_session", on=number % 60 + 3)
    yield course_completed("manual", "administrator", average=75, on=number % 60 + 3)
    yield activities_reset("film")
    yield earned("film", on=number % 60 + 5)
    yield course_reset(2, reopens=True)
    yield earned("film", on=number % 60 + 9)
    yield spent("film", 30)
    yield unenrolled()


async def attend(
    appender: Appender, learners: int, school: str = SCHOOL, name: str = COURSE
) -> int:
    """Publish the course and let all of it happen to each learner; returns how many events."""
    await appender.published(course(*map(activity, ACTIVITIES)), school, name)
    for number in range(learners):
        stream = Stream(school, f"u-{number}", name)
        recorded = {"recorded_at": day(number % 90)}
        await appender.happened(*history(number), to=stream, reason=None, **recorded)
    return 1 + learners * EVENTS


async def take_back(
    appender: Appender, learners: int, school: str = SCHOOL, name: str = COURSE
) -> None:
    """The second attempt of each learner is undone: the reset, and what came after it (B7)."""
    film: dict[str, Any] = {"activity": "film", "attempt": 2}
    undo = reset_revoked(
        EVENTS - 3,
        (EVENTS - 2, ActivityCompleted, film | {"provenance": "earned"}),
        (EVENTS - 1, TimeSpentRecorded, film),
        complete=True,
        completions=1,
    )
    for number in range(learners):
        await appender.happened(undo, to=Stream(school, f"u-{number}", name), actor="u-7")
