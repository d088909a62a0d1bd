"""Which later events stand on others that are to be undone, on those that stand on them, and so on.

- On a completion of an activity: a reset that covers it, and a completion of the course that
  required it. A late signal does not: visits, time and submissions are the learner's own.
- On a completion of the course: a reset that opened the course again.
- On a reset: what came after it on the activities that it reset; a completion of the course that
  could not have come without it; and, where it opened the course again, a reset that would have
  done so in its place. After a reset of the whole course that is everything but enrolments.
- On an enrolment: every later event of the record, whatever it is.

Whether something stands on an event never depends on what came before that event, so that one
pass in the order of the stream finds all.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import assert_never

from contracts.events import (
    ActivityCompleted,
    ActivityEvent,
    CourseCompleted,
    Event,
    LearnerEnrolled,
    LearnerUnenrolled,
    ProgressReset,
    Revoked,
)
from services.domain.course import Course
from services.domain.history import Placed


def standing_on(
    undone: Collection[int], events: Sequence[Placed], structures: Mapping[int, Course]
) -> list[Placed]:
    """The events, of those in force, that stand on the ``undone``; in order, without these.

    Args:
        undone: versions in the stream.
        events: all events in force, in order.
        structures: the course's, by version; what a structure that is not among them required is
            not known, and then every activity counts as required.
    """
    grounds, later = _Grounds(structures), []
    for placed in events:
        if placed.version in undone:
            grounds.take(placed.event)
        elif grounds.carry(placed.event):
            later.append(placed)
            grounds.take(placed.event)
    return later


class _Grounds:
    """What the undone events so far are the ground of."""

    def __init__(self, structures: Mapping[int, Course]) -> None:
        self._structures = structures
        self._everything = False
        self._attempt = False
        self._course = False
        self._reopened = False
        self._completed: set[str] = set()
        self._reset: set[str] = set()

    def take(self, event: Event) -> None:
        """From now on this one is undone too."""
        match event:
            case LearnerEnrolled() | LearnerUnenrolled():
                self._everything = True
            case ProgressReset(activities=None):
                self._attempt = True
            case ProgressReset(activities=tuple() as activities):
                self._reset |= {*activities}
                self._reopened |= event.reopens_course
            case ActivityCompleted():
                self._completed.add(event.activity)
            case CourseCompleted():
                self._course = True
            case _:  # a signal is undone only with the reset that it came after
                pass

    def carry(self, event: Event) -> bool:
        """Whether the event stands on what is undone."""
        if self._everything:
            return True
        match event:
            case LearnerEnrolled() | LearnerUnenrolled():
                return False
            case ProgressReset():
                return self._attempt or self._covered(event)
            case CourseCompleted():
                return self._attempt or self._reopened or self._requires(event)
            case ActivityEvent():
                return self._attempt or event.activity in self._reset
            case Revoked():  # never in force
                return False
            case _ as never:
                assert_never(never)

    def _covered(self, event: ProgressReset) -> bool:
        """Whether the reset took away, or took away again, what is undone."""
        touched = self._completed | self._reset
        if self._course and event.reopens_course:
            return True
        if self._reopened and self._takes_required(event):
            return True
        return bool(touched) if event.activities is None else bool(touched & {*event.activities})

    def _takes_required(self, event: ProgressReset) -> bool:
        """Whether this reset could have opened a completed course again."""
        return event.activities is None or self._required(event, event.activities)

    def _requires(self, event: CourseCompleted) -> bool:
        """Whether this completion of the course needed an activity that is open now."""
        return self._required(event, self._completed | self._reset)

    def _required(self, event: Event, activities: Collection[str]) -> bool:
        """Whether any of them was required when the event came."""
        course = self._structures.get(event.structure_version)
        if course is None:
            return bool(activities)
        return not course.required_ids.isdisjoint(activities)
