"""Learners of a school, as a search finds them."""

from datetime import date

from pydantic import Field, JsonValue

from ..fields import Instant, Percentage, Provenance, RoleLevel
from ..model import Contract
from ..progress import Status

LARGEST = 100
"""Learners of a page."""


class FoundCompletion(Contract):
    """A completion of the course, standing or reset since (R3)."""

    attempt: int
    completed_at: Instant
    provenance: Provenance
    manually_completed: bool = Field(description="An administrator completed it (M6).")


class FoundRecord(Contract):
    """A learner in a course, as it stands now.

    ``enrolments`` and ``completions``: of all that ever were, those that are asked for.
    """

    course: str
    enrolled: bool
    attempt: int
    status: Status
    progress_rate: Percentage
    active_on: date | None = Field(
        None, description="The last day (UTC) of an event of the learner's own."
    )
    enrolments: tuple[Instant, ...]
    completions: tuple[FoundCompletion, ...]


class FoundLearner(Contract):
    """A learner; ``role_level``: none where the directory does not know them."""

    learner: str
    name: str | None = None
    email: str | None = None
    role_level: RoleLevel | None = None
    role: str | None = None
    tags: tuple[str, ...] = ()
    records: tuple[FoundRecord, ...] = Field(
        description="In order of their courses: those that meet the criteria about records."
    )


class Learners(Contract):
    """A page of learners, in order of their ids."""

    learners: tuple[FoundLearner, ...]
    total: int = Field(description="How many there were at the first page; counted to 10,000.")
    exact: bool = Field(description="False: there are more than so many.")


class SavedSearch(Contract):
    """A search under its name; operations can be for whom it finds when they begin."""

    name: str
    criteria: dict[str, JsonValue] = Field(description="Those of `/v1/learners`, by name.")
    created_at: Instant
    changed_at: Instant


class SavedSearches(Contract):
    """A page of saved searches, in order of their names."""

    searches: tuple[SavedSearch, ...]
