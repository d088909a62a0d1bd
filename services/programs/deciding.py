"""What a moment of the log awards to a learner. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from contracts.events import CourseCompleted, LearningProgramCompleted
from contracts.topics import Stream, awards_stream
from services.domain.programs import Cause, Decisive, Program, decide, standing
from services.store.mapper import encode
from services.store.records import NewEvent, Position


class Published(NamedTuple):
    """A version of a programme, and where in the log it stands."""

    program: Program
    at: Position


class Moment(NamedTuple):
    """After the event at ``at``, the learner may have completed one of these programmes."""

    school: str
    learner: str
    at: Position
    programs: tuple[Published, ...]

    @property
    def awards(self) -> str:
        """The stream that their completions stand in."""
        return awards_stream(self.school, self.learner)

    @property
    def streams(self) -> set[str]:
        """Their courses that have to be looked at."""
        courses = {course for it in self.programs for course in it.program.required}
        return {str(Stream(self.school, self.learner, course)) for course in courses}


class Placed(NamedTuple):
    """An event of a course that says whether it is complete, and where in the log it stands."""

    at: Position
    event: Decisive


class Completed(NamedTuple):
    """A completion of a course that stands, and where in the log."""

    at: Position
    event: CourseCompleted


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
        for published in moment.programs:
            before = known[moment.awards]
            cause = _cause(published, done)
            completed = [it.event for it in done]
            event = decide(published.program, completed, before.programs, cause, now)
            if event is not None:
                known[moment.awards] = _after(before, event)
                events.append(encode(moment.awards, before.version + 1, event))
    return events


def _after(before: Awarded, event: LearningProgramCompleted) -> Awarded:
    return Awarded(before.programs | {event.program}, before.version + 1)


def _cause(published: Published, done: Iterable[Completed]) -> Cause:
    """Whatever came last in the log: a course that is required, or the version that requires it."""
    required = published.program.required
    later = any(it.at > published.at and it.event.course in required for it in done)
    return "course" if later else "program_change"


def _complete(moment: Moment, courses: Mapping[str, Sequence[Placed]]) -> list[Completed]:
    """The learner's courses that were complete then, in the order of their completions."""
    found: list[Completed] = []
    for stream in moment.streams:
        until = [it for it in courses.get(stream, ()) if it.at <= moment.at]
        done = standing(it.event for it in until)
        found += [Completed(it.at, done) for it in until if done is not None and it.event is done]
    return sorted(found, key=lambda it: it.at)
