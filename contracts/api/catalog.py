"""Courses and learning programmes, as they are published."""

from pydantic import Field

from ..catalog import Access, Section
from ..fields import Instant, Provenance
from ..model import Contract


class CourseListed(Contract):
    """A course at its latest version; how many sections and activities it has."""

    course: str
    title: str | None = None
    version: int
    access: Access
    sections: int
    activities: int
    required: int = Field(description="Activities that count for the progress.")
    published_at: Instant


class Courses(Contract):
    """A page of courses, in order of their ids."""

    courses: tuple[CourseListed, ...]


class CourseShown(Contract):
    """A course's structure at its latest version."""

    course: str
    title: str | None = None
    version: int
    access: Access = Field(description="Which rule opens activities to a learner.")
    sections: tuple[Section, ...] = Field(description="In order.")
    published_at: Instant


class ProgramListed(Contract):
    """A learning programme at its latest version."""

    program: str
    title: str | None = None
    version: int
    courses: int
    required: int
    completed: int = Field(description="Learners who ever completed it.")
    published_at: Instant


class Programs(Contract):
    """A page of learning programmes, in order of their ids."""

    programs: tuple[ProgramListed, ...]


class ProgramShown(Contract):
    """A learning programme with its courses, in order."""

    program: str
    title: str | None = None
    version: int
    courses: tuple[str, ...] = Field(description="Ids, in order.")
    required: tuple[str, ...] = Field(description="Those that have to be complete.")
    completed: int = Field(description="Learners who ever completed it.")
    published_at: Instant


class ProgramLearner(Contract):
    """How far a learner is: ``completed`` of ``required`` courses are complete now.

    What follows is of the programme's own completion, which stands whatever is reset later.
    """

    learner: str
    name: str | None = None
    required: int
    completed: int
    provenance: Provenance | None = None
    manually_completed: bool
    completed_at: Instant | None = None
    recorded_at: Instant | None = None
    completed_version: int | None = None


class ProgramLearners(Contract):
    """A page of those who completed the programme or began a course of it, by id."""

    learners: tuple[ProgramLearner, ...]
