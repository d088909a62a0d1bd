"""What a moment of the log awards to a learner. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from contracts.events import CourseCompleted, LearningProgramCompleted
from contracts.topics import Stream, awards_stream
from services.domain.programs import Cause, Decisive, Program, completion, decide
from services.store.mapper import encode
from services.store.records import NewEvent, Position


class Moment(NamedTuple):
    """After the event at ``at``, the learner may have completed one of these programmes."""

    school: str
    learner: str
    at: Position
    programs: tuple[Program, ...]
    cause: Cause

    @property
    def awards(self) -> str:
        """The stream that their completions stand in."""
        return awards_stream(self.school, self.learner)

    @property
    def streams(self) -> set[str]:
        """Their courses that have to be looked at."""
        courses = {course for program in self.programs for course in program.required}
        return {str(Stream(self.school, self.learner, course)) for course in courses}


class Placed(NamedTuple):
    """An event of a course that says whether it is complete, and where in the log it stands."""

    at: Position
    event: Decisive


class Awarded(NamedTuple):
    """A learner's programmes so far, and how long the stream of them is."""

    programs: frozenset[str] = frozenset()
    version: int = 0


def new_awards(
    moments: Iterable[Moment],
    courses: Mapping[str, Sequence[Placed]],
    awarded: Mapping[str, Awarded],
    now: datetime,
) -> list[NewEvent]:
    """The completions of programmes at these moments, which follow the log.

    ``courses``: each stream's decisive events in order, to the last moment at least; ``awarded``:
    what each learner's stream of programmes holds.
    """
    known = dict(awarded)
    events: list[NewEvent] = []
    for moment in moments:
        done = _complete(moment, courses)
        for program in moment.programs:
            before = known[moment.awards]
            event = decide(program, done, before.programs, moment.cause, now)
            if event is not None:
                known[moment.awards] = _after(before, event)
                events.append(encode(moment.awards, before.version + 1, event))
    return events


def _after(before: Awarded, event: LearningProgramCompleted) -> Awarded:
    return Awarded(before.programs | {event.program}, before.version + 1)


def _complete(moment: Moment, courses: Mapping[str, Sequence[Placed]]) -> list[CourseCompleted]:
    """The learner's courses that were complete then, in the order of their completions."""
    found: dict[Position, CourseCompleted] = {}
    for stream in moment.streams:
        at, done = moment.at, None
        earlier: list[CourseCompleted] = []
        for placed in courses.get(stream, ()):
            if placed.at > moment.at:
                break
            done = completion(done, placed.event, earlier)
            if isinstance(placed.event, CourseCompleted):
                earlier.append(placed.event)
            at = placed.at if done is placed.event else at
        if done is not None:
            found[at] = done
    return [found[at] for at in sorted(found)]
