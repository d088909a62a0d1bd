"""A new structure asks for its course to be worked out anew, learner by learner (B9, M14).

Whoever stands in the course when the structure comes gets an ``EvaluateCourse`` command; so does
an enrolment that was decided under an older structure at the same moment and stands behind it in
the log. The command's id follows from stream and version, so that sending it again is harmless.
"""

from collections.abc import AsyncIterator, Sequence
from typing import TypeGuard
from uuid import NAMESPACE_URL, uuid5

from contracts import registry, topics
from contracts.commands import EvaluateCourse
from contracts.envelope import Envelope, write
from contracts.events import CourseStructurePublished, LearnerEnrolled
from contracts.topics import Stream, course_stream
from services.runtime.bus.outbox import Message
from services.store.courses import CourseCache
from services.store.log import EventLog
from services.store.mapper import LoggedEvent, decode
from services.store.records import FollowedEvent, Position

SOURCE = "/coursemark/evaluation"
TYPE = registry.name_of(EvaluateCourse)


class EvaluationFeed:
    """Follows structures and enrolments alone."""

    name = "evaluate-courses"
    topics = (registry.name_of(CourseStructurePublished), registry.name_of(LearnerEnrolled))

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._courses = CourseCache(log)

    async def until(self) -> Position | None:
        """To the head of the log."""
        return None

    async def pages(self, events: Sequence[FollowedEvent]) -> AsyncIterator[list[Message]]:
        """The commands for the learners of each structure; then those for late enrolments."""
        decoded = list(filter(_asks, (decode(it.topic, it.state) for it in events)))
        await self._courses.refresh({course_stream(e.school, e.course) for e in decoded})
        late: list[Message] = []
        for event in decoded:
            if isinstance(event, CourseStructurePublished):
                async for page in self._for_all(event):
                    yield page
            elif self._is_outdated(event):
                stream = Stream(event.school, event.learner, event.course)
                late.append(self._command(stream))
        yield late

    async def _for_all(self, event: CourseStructurePublished) -> AsyncIterator[list[Message]]:
        if not self._is_latest(event):
            return  # the later one is in the log too, and asks for the same learners
        async for page in self._log.pages(event.school, event.course):
            yield [self._command(Stream.parse(name)) for name in page]

    def _is_latest(self, event: CourseStructurePublished) -> bool:
        return event.structure_version == self._latest(event.school, event.course)

    def _is_outdated(self, event: LearnerEnrolled) -> bool:
        return event.structure_version < self._latest(event.school, event.course)

    def _latest(self, school: str, course: str) -> int:
        known = self._courses.get(school, course)
        return 0 if known is None else known.version

    def _command(self, stream: Stream) -> Message:
        version = self._latest(stream.school, stream.course)
        command = EvaluateCourse(
            school=stream.school,
            learner=stream.learner,
            course=stream.course,
            structure_version=version,
        )
        envelope = Envelope(
            id=str(uuid5(NAMESPACE_URL, f"coursemark:evaluate:{stream}:{version}")),
            type=TYPE,
            source=SOURCE,
            data=command.to_json(),
        )
        key = topics.learner_key(stream.school, stream.learner)
        return Message(topics.COMMANDS, key.encode(), envelope.data, write(envelope))


def _asks(event: LoggedEvent) -> TypeGuard[CourseStructurePublished | LearnerEnrolled]:
    return isinstance(event, CourseStructurePublished | LearnerEnrolled)
