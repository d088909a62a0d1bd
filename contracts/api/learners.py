"""Learners: their courses, and what happened to them."""

from typing import Literal

from pydantic import Field

from ..catalog import Access
from ..fields import Instant, Percentage, Provenance, Reason, RoleLevel, Score, Source
from ..model import Contract
from ..progress import Status

CARD_ATTEMPTS = 20
"""Earlier attempts at a course that a card has, the last ones."""


class Person(Contract):
    """What the directory says of a user now."""

    role_level: RoleLevel
    role: str | None = Field(None, description="The custom role's own name.")
    name: str | None = None
    email: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None


class LearnerCourse(Contract):
    """Where the learner stands in a course."""

    course: str
    version: int = Field(description="Of the last event; rises with every change.")
    structure_version: int
    enrolled: bool = Field(description="False after an unenrolment; the record stays (R6).")
    enrolled_at: Instant | None = None
    attempt: int
    status: Status
    progress_rate: Percentage
    completed_required: int
    required: int
    average_score: Score | None = None
    time_spent: int = Field(description="Seconds in this attempt.")
    time_spent_ever: int = Field(description="Seconds in all attempts.")
    provenance: Provenance | None = None
    manually_completed: bool = Field(description="An administrator completed it (M6).")
    completed_at: Instant | None = None


class LearnerCourses(Contract):
    """A page of a learner's courses, in order of their ids; ``at``: as they were then."""

    at: Instant | None = None
    courses: tuple[LearnerCourse, ...]


class LearnerActivity(Contract):
    """An activity in the current attempt; ``time_spent_ever``: in all of them.

    One that the course has no longer has no ``section``, ``type`` or ``required``.
    """

    activity: str
    section: str | None = None
    title: str | None = None
    type: str | None = None
    required: bool | None = None
    in_course: bool = Field(description="The course has it, as it is published now.")
    locked: bool = Field(description="The player keeps it shut, also where it was marked (M10).")
    visited: bool = False
    joined: bool = False
    submitted: bool = False
    claimed: bool = False
    score: Score | None = None
    time_spent: int = Field(0, description="Seconds in this attempt.")
    time_spent_ever: int = Field(0, description="Seconds in all attempts.")
    provenance: Provenance | None = Field(None, description="None: it is not complete.")
    manually_completed: bool = Field(False, description="An administrator completed it (M6).")
    completed_at: Instant | None = None


class LearnerAttempt(Contract):
    """An earlier attempt, as it stood when a reset of the whole course closed it (R4)."""

    attempt: int
    status: Status
    average_score: Score | None = None
    time_spent: int = Field(description="Seconds.")
    provenance: Provenance | None = None
    manually_completed: bool = Field(description="An administrator completed it (M6).")
    completed_at: Instant | None = None
    closed_at: Instant


class LearnerAttempts(Contract):
    """A page of earlier attempts, the last one first."""

    attempts: tuple[LearnerAttempt, ...]


class AttemptActivity(Contract):
    """An activity as it stood at the end of an earlier attempt."""

    activity: str
    score: Score | None = None
    time_spent: int = Field(description="Seconds.")
    provenance: Provenance | None = None
    manually_completed: bool = Field(description="An administrator completed it (M6).")
    completed_at: Instant | None = None


class AttemptCard(LearnerAttempt):
    """An earlier attempt with its activities, in order of their ids."""

    activities: tuple[AttemptActivity, ...]


class LearnerSection(Contract):
    """A section of the course."""

    section: str
    title: str | None = None


class Renewal(Contract):
    """When the completion has to be renewed, as schedules say now (B12)."""

    due_at: Instant
    schedule: str
    overdue: bool


class CourseCard(LearnerCourse):
    """A learner in a course with its activities, in their order, and the last attempts before.

    ``title``, ``access`` and ``sections``: of the course as it is published.
    """

    title: str | None = None
    access: Access | None = None
    sections: tuple[LearnerSection, ...] = ()
    activities: tuple[LearnerActivity, ...]
    attempts: tuple[LearnerAttempt, ...] = Field(description="The last ones, the first one first.")
    due: Renewal | None = None


class CourseAt(CourseCard):
    """A learner in a course; ``at``: as it was then."""

    at: Instant | None = None


class LearnerProgram(Contract):
    """How far a learner is in a learning programme.

    ``missing``: required courses that are not complete now. What follows is of the programme's own
    completion, which stands whatever is reset later.
    """

    program: str
    title: str | None = None
    version: int
    required: int
    completed: int
    missing: tuple[str, ...]
    provenance: Provenance | None = None
    manually_completed: bool
    cause: Literal["course", "program_change"] | None = Field(
        None, description="What completed it: a course, or another list of courses."
    )
    completed_at: Instant | None = None
    recorded_at: Instant | None = None
    completed_version: int | None = None


class LearnerPrograms(Contract):
    """The programmes that a learner has begun or completed."""

    programs: tuple[LearnerProgram, ...]


class LearnerCard(Contract):
    """A learner: who they are now, and a page of their courses, in order of their ids.

    ``at``: as the courses were then; names and the like are the directory's of today, and there
    are no programmes.
    """

    learner: str
    at: Instant | None = None
    person: Person | None = Field(None, description="None: the directory does not know them.")
    courses: tuple[CourseCard, ...]
    programs: tuple[LearnerProgram, ...] | None = None


class LoggedEvent(Contract):
    """An event: who did what to whom, when, why; ``activities`` of none: the whole course."""

    learner: str
    course: str
    version: int
    position: str = Field(description="Its place in the log, which exports take.")
    type: str
    attempt: int | None = None
    activities: tuple[str, ...] | None = None
    score: float | None = None
    seconds: int | None = None
    provenance: Provenance | None = None
    manually: bool = Field(description="Labelled Manually (M6).")
    recorded_at: Instant
    effective_at: Instant
    actor: str | None = None
    reason: Reason | None = None
    note: str | None = None
    source: Source
    command_id: str
    batch_id: str | None = None
    correlation_id: str | None = None
    program: str | None = None
    due_course: str | None = None
    due_at: Instant | None = None
    schedule: str | None = None
    undone: bool = Field(description="An undo has taken it back (B7).")


class LoggedEvents(Contract):
    """A page of the events log, the newest entry first."""

    events: tuple[LoggedEvent, ...]
