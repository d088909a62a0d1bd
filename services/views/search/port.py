"""The port: what any engine of search has to answer.

An adapter takes criteria that are valid already, gives learners in order of their ids, counts
them exactly up to ``COUNTED``, and joins names when it is asked: nothing of a person whom the
directory has forgotten may be found, or shown, from then on.
"""

from datetime import date, datetime
from typing import NamedTuple, Protocol

from contracts.fields import Provenance, RoleLevel
from contracts.progress import Status
from services.views.search.criteria import Criteria, PageRequest

COUNTED = 10_000
"""Learners up to whom a count is exact."""


class Count(NamedTuple):
    """How many learners there are, or, where not ``exact``, that there are more than so many.

    Of the moment of the first page; the cursor carries it on.
    """

    learners: int
    exact: bool


class Completion(NamedTuple):
    """A completion of the course, standing or reset since (R3)."""

    attempt: int
    completed_at: datetime
    provenance: Provenance

    @property
    def manually(self) -> bool:
        """True where the label "Manually" stands (M6)."""
        return self.provenance == "manual"


class Record(NamedTuple):
    """A learner in a course that meets the criteria.

    Now: ``enrolled``, ``attempt``, ``status``, ``progress_rate`` in per cent. ``active_on`` is the
    last day, in UTC, of an event of the learner's own in the course, none where there never was
    one. Of all that ever were: the ``enrolments`` and ``completions`` that the criteria ask for.
    """

    course: str
    enrolled: bool
    attempt: int
    status: Status
    progress_rate: float
    active_on: date | None
    enrolments: tuple[datetime, ...]
    completions: tuple[Completion, ...]


class Found(NamedTuple):
    """A learner, with what the directory says of them now, and their records that match.

    ``role_level`` is none where the directory does not know the learner. Without a criterion about
    records all of them are given, in order of their courses.
    """

    learner: str
    name: str | None
    email: str | None
    role_level: RoleLevel | None
    role: str | None
    tags: tuple[str, ...]
    records: tuple[Record, ...]


class Page(NamedTuple):
    """Learners in order of their ids; ``next`` asks for those after, none where these are last."""

    found: tuple[Found, ...]
    total: Count
    next: str | None


class Search(Protocol):
    """Finds learners of a school."""

    async def find(self, school: str, criteria: Criteria, page: PageRequest) -> Page:
        """A page of those who meet all the criteria.

        Raises:
            InvalidCursorError: ``page.after`` was not given by a search.
            ForeignCursorError: it was given by a search of other criteria, or of another school.
        """
