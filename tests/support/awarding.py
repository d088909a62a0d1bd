"""The part ``learning-programs`` on a log of a test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts.events import LearningProgramCompleted
from contracts.registry import name_of
from contracts.topics import Stream, program_stream
from services.programs.awarding import Awarding
from services.runtime.following import LogFollower
from services.store.mapper import decode
from services.store.records import ORIGIN
from tests.support.happened import course_completed
from tests.support.programs import published
from tests.support.school import SCHOOL, day

if TYPE_CHECKING:
    from contracts.catalog import LearningProgram
    from services.store.log import EventLog
    from tests.support.appended import Appender


def following(log: EventLog, limit: int = 1_000, streams: int = 5_000) -> LogFollower:
    awarding = Awarding(log, lambda: day(40), streams)
    return LogFollower(log, awarding, limit, patience_seconds=10)


async def follow(log: EventLog, limit: int = 1_000, streams: int = 5_000) -> None:
    """To the head of the log, beginning where the cursor stands."""
    part = following(log, limit, streams)
    while await part.step():
        pass


async def publish(appender: Appender, *structures: LearningProgram) -> None:
    await appender.append(
        [(program_stream(it.school, it.program), published(it)) for it in structures]
    )


async def completes(appender: Appender, learner: str, *courses: str, **fields: Any) -> None:
    for course in courses:
        stream = Stream(SCHOOL, learner, course)
        await appender.happened(course_completed("earned"), to=stream, **fields)


async def found(log: EventLog) -> list[LearningProgramCompleted]:
    """Every completion of a programme, in the order of the log."""
    topics = [name_of(LearningProgramCompleted)]
    followed = await log.follow(ORIGIN, 100_000, topics=topics)
    events = [decode(it.topic, it.state) for it in followed]
    return [it for it in events if isinstance(it, LearningProgramCompleted)]


async def whose(log: EventLog) -> list[tuple[str, str]]:
    return [(it.learner, it.program) for it in await found(log)]
