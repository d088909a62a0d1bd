"""A page of due dates, the soonest first, out of completions in the order of their dates. Pure.

Nearly so run due dates too: a completion some days later is never due earlier. So a page reads as
many completions as it has lines and a few days' more, however many there are.
"""

from bisect import insort
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from services.domain.due import Agenda, DueDate, Span, earliest
from services.domain.schedules import SLACK


class Place(NamedTuple):
    """Where a line stands among all: by due date, course, completion, learner."""

    at: datetime
    course: str
    completed_at: datetime
    learner: str


class Due(NamedTuple):
    """A completion that has to be renewed at ``at``, by the schedule that is the first to ask."""

    at: datetime
    course: str
    completed_at: datetime
    learner: str
    attempt: int
    schedule: str

    @property
    def place(self) -> Place:
        """Its own."""
        return Place(*self[:4])


class Window(NamedTuple):
    """Due from ``since`` until before ``before``; behind ``after``, if given."""

    since: datetime
    before: datetime
    after: Place | None = None

    def has(self, due: Due) -> bool:
        """Whether it belongs there."""
        behind = self.after is None or due.place > self.after
        return behind and self.since <= due.at < self.before


class Gathering:
    """Takes the completions of one course after another; keeps the first ``size`` due dates."""

    def __init__(self, window: Window, size: int) -> None:
        self.found: list[Due] = []
        self._window = window
        self._size = size

    def span(self, course: str, agendas: Sequence[Agenda]) -> Span | None:
        """When the completions of a course lie that matter; none: none does."""
        window = self._window
        since = window.since if window.after is None else max(window.since, window.after.at)
        spans = [it for it in (agenda.completed(since, window.before) for agenda in agendas) if it]
        if not spans:
            return None
        first = min(it.first for it in spans)
        if window.after is not None and window.after.course == course:
            first = max(first, window.after.completed_at - SLACK)
        return Span(first, max(it.last for it in spans))

    def course(self, course: str, agendas: Sequence[Agenda]) -> "OfCourse":
        """Where the completions of a course are given to."""
        return OfCourse(self, course, agendas)

    def add(self, due: Due) -> None:
        """Keep it, if it is one of the first."""
        if self._window.has(due) and not (self._full and due >= self.found[-1]):
            insort(self.found, due)
            del self.found[self._size :]

    def is_past(self, place: Place) -> bool:
        """Whether nothing from that place on is one of the first."""
        return self._full and place > self.found[-1].place

    @property
    def _full(self) -> bool:
        return len(self.found) >= self._size


class OfCourse:
    """The completions of a course, in order of their dates."""

    def __init__(self, to: Gathering, course: str, agendas: Sequence[Agenda]) -> None:
        self._to = to
        self._course = course
        self._agendas = agendas
        self._last: datetime | None = None
        self._due: DueDate | None = None

    def take(self, completed_at: datetime, learner: str, attempt: int) -> bool:
        """One more; False where none of those that are left matters."""
        if completed_at != self._last:
            if self._is_past(completed_at):
                return False
            self._last, self._due = completed_at, earliest(self._agendas, completed_at)
        if self._due is not None:
            at, schedule = self._due
            self._to.add(Due(at, self._course, completed_at, learner, attempt, schedule))
        return True

    def _is_past(self, completed_at: datetime) -> bool:
        """Whether whoever completed it then or later is due behind all that are kept."""
        least = earliest(self._agendas, completed_at - SLACK)
        return least is None or self._to.is_past(Place(least.at, self._course, completed_at, ""))
