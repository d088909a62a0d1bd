"""Events: what happened, in the past tense, for ever.

Events hold ids and marks; no names and no e-mail addresses. ``recorded_at`` is when
Coursemark wrote it down, ``effective_at`` when it was achieved (B4).
"""

from typing import Annotated, Final, Literal

from pydantic import Field

from .catalog import CourseStructure, LearningProgram
from .fields import (
    ActivityId,
    Attempt,
    CommandId,
    CourseId,
    Instant,
    Label,
    LearnerId,
    ProgramId,
    Provenance,
    Reason,
    SchoolId,
    Score,
    Seconds,
    Source,
    StructureVersion,
    Text,
    UserId,
)
from .model import Contract

Cause = Literal["activity", "administrator", "structure_change"]
"""What may complete a course."""


class ProgressEvent(Contract):
    """What every event of a learner in a course carries."""

    school: SchoolId
    learner: LearnerId
    course: CourseId
    attempt: Attempt
    structure_version: StructureVersion
    command_id: CommandId
    correlation_id: CommandId | None = None
    batch_id: CommandId | None = None
    actor: UserId | None = None
    reason: Reason | None = None
    note: Text | None = None
    source: Source
    recorded_at: Instant = Field(description="When Coursemark wrote it down, ISO 8601, UTC.")
    effective_at: Instant = Field(description="When it was achieved, ISO 8601, UTC (B4).")


class LearnerEnrolled(ProgressEvent):
    """The learner is enrolled, for the first time or again."""


class LearnerUnenrolled(ProgressEvent):
    """The learner is no longer enrolled; the record stays."""


class ActivityEvent(ProgressEvent):
    """An event about one activity."""

    activity: ActivityId


class ActivityVisited(ActivityEvent):
    """The first visit in this attempt."""


class ActivityJoined(ActivityEvent):
    """The first time in this attempt that the learner joined."""


class ActivityClaimed(ActivityEvent):
    """The first time in this attempt that the learner claimed."""


class TimeSpentRecorded(ActivityEvent):
    """More time spent on the activity."""

    seconds: Seconds


class AssessmentSubmitted(ActivityEvent):
    """A submission; ``passed`` is none where the activity has no pass mark."""

    score: Score | None = None
    passed: bool | None = Field(None, description="None where there is no pass mark.")


class ActivityCompleted(ActivityEvent):
    """The activity is complete."""

    activity_type: Label
    score: Score | None = None
    provenance: Provenance
    manually_completed: bool = Field(description="An administrator did it (M6).")


class CourseCompleted(ProgressEvent):
    """The course is complete; at most one stands between two resets that reopen it (M12).

    ``average_score`` is the mean over the activities that have a score, to two decimals.
    """

    provenance: Provenance
    manually_completed: bool = Field(description="An administrator did it (M6).")
    average_score: Score | None = None
    cause: Cause = Field(
        description="What completed it; a structure change may leave nothing to do (B9)."
    )
    send_completion_email: bool = Field(description="True at most once per attempt (M5).")


class ProgressReset(ProgressEvent):
    """Activities, or the whole course, start again from nothing (R2)."""

    activities: Annotated[tuple[ActivityId, ...], Field(min_length=1)] | None = Field(
        None, description="What was reset; none: the whole course."
    )
    opens_attempt: Attempt | None = Field(None, description="Set by a whole-course reset (R4).")
    reopens_course: bool = Field(description="True where a completed course is open again.")


class RestoredCompletion(Contract):
    """A completion that stands again, or still."""

    provenance: Provenance
    effective_at: Instant = Field(description="When it was achieved, ISO 8601, UTC (B4).")


class RestoredActivity(Contract):
    """An activity as it stands after an undo; not ``recorded``: as if it was never touched."""

    activity: ActivityId
    recorded: bool = Field(description="Whether anything of it is recorded in the attempt.")
    visited: bool = Field(False, description="The learner opened it.")
    joined: bool = Field(False, description="The learner joined.")
    claimed: bool = Field(False, description="The learner claimed.")
    submitted: bool = Field(False, description="The learner submitted.")
    score: Score | None = None
    time_spent: int = Field(0, ge=0, description="Seconds in this attempt.")
    completion: RestoredCompletion | None = Field(None, description="None: it is open.")


class UndoneEvent(Contract):
    """An event that counts no more; what it said that somebody may have added up."""

    version: int = Field(ge=1, description="Its place in the stream.")
    type: str = Field(description="The event's declared name.")
    activity: ActivityId | None = None
    attempt: Attempt
    score: Score | None = Field(None, description="Of an activity; of a course its average.")
    passed: bool | None = Field(None, description="Of a submission, as it said.")
    provenance: Provenance | None = None
    cause: Cause | None = Field(None, description="What had completed the course.")
    opens_attempt: Attempt | None = Field(None, description="Of a reset of the whole course.")
    actor: UserId | None = None
    effective_at: Instant = Field(description="When it was achieved, ISO 8601, UTC (B4).")


class Revoked(ProgressEvent):
    """An undo (B7): the record stands as if the undone events had not been.

    What was sent because of them stays sent. ``attempt`` is the one that the record is in then.
    """

    undoes: Annotated[tuple[CommandId, ...], Field(min_length=1)] = Field(
        description="The commands that are undone, in the order of the stream."
    )
    undone: Annotated[tuple[UndoneEvent, ...], Field(min_length=1)] = Field(
        description="Their events, in the order of the stream."
    )
    activities: tuple[RestoredActivity, ...] = Field(
        (), description="The activities that the undo changes, as they stand after it."
    )
    completion: RestoredCompletion | None = Field(
        None, description="The course's, as it stands after it; none: it is open."
    )
    enrolled: bool = Field(description="Whether the learner is enrolled after it.")
    enrolled_at: Instant | None = Field(None, description="First enrolled; none: never.")
    emailed: bool = Field(description="Whether this attempt's completion e-mail was asked for.")
    began_at: Instant | None = Field(
        None, description="When this attempt was begun, by an enrolment or a reset that counts."
    )
    attempt_completed: bool = Field(
        False, description="Whether a completion of the course in this attempt still counts."
    )
    completions: int = Field(ge=0, description="Completions of the course that are left.")
    enrolments: int = Field(ge=0, description="Enrolments that are left.")


class CompletionRevoked(Revoked):
    """Completions by an administrator or an import are taken back."""


class ResetRevoked(Revoked):
    """A reset is taken back: scores, time, completions and attempt are as before it."""


class EnrolmentRevoked(Revoked):
    """An enrolment is taken back."""


class CourseStructurePublished(Contract):
    """A school's course has a new structure (B9); its stream is ``school/~courses/course``."""

    school: SchoolId
    course: CourseId
    structure_version: StructureVersion
    structure: CourseStructure
    recorded_at: Instant


class LearningProgramPublished(Contract):
    """A school's learning programme has new courses; its stream is ``school/~programs/program``."""

    school: SchoolId
    program: ProgramId
    program_version: StructureVersion
    structure: LearningProgram
    recorded_at: Instant


class LearningProgramCompleted(Contract):
    """Every required course of the programme was complete; once, and never taken back (B12).

    Its stream is ``school/learner/~programs``. Operation, correlation, provenance and command are
    those of the course that was completed last.
    """

    school: SchoolId
    learner: LearnerId
    program: ProgramId
    program_version: StructureVersion
    courses: tuple[CourseId, ...] = Field(description="The required courses, in order.")
    provenance: Provenance
    manually_completed: bool = Field(description="An administrator completed the last course (M6).")
    cause: Literal["course", "program_change"] = Field(
        description="What completed it; a new version may leave nothing to do."
    )
    command_id: CommandId
    correlation_id: CommandId | None = None
    batch_id: CommandId | None = None
    source: Source
    recorded_at: Instant = Field(description="When Coursemark wrote it down, ISO 8601, UTC.")
    effective_at: Instant = Field(description="When the last course was achieved (B4).")


class RecertificationAnnounced(Contract):
    """A learner is told, some days before, that a completion has to be renewed; once (B12).

    Its stream is ``school/learner/~recertification``.
    """

    school: SchoolId
    learner: LearnerId
    course: CourseId
    attempt: Attempt
    schedule: Label = Field(description="The schedule that will reset the course.")
    due_at: Instant = Field(description="When the course will be reset, ISO 8601, UTC.")
    command_id: CommandId
    source: Source
    recorded_at: Instant = Field(description="When Coursemark wrote it down, ISO 8601, UTC.")
    effective_at: Instant = Field(description="When it was announced, ISO 8601, UTC.")


Event = (
    LearnerEnrolled
    | LearnerUnenrolled
    | ActivityVisited
    | ActivityJoined
    | ActivityClaimed
    | TimeSpentRecorded
    | AssessmentSubmitted
    | ActivityCompleted
    | CourseCompleted
    | ProgressReset
    | CompletionRevoked
    | ResetRevoked
    | EnrolmentRevoked
)
"""Every event of a learner in a course."""

Logged = (
    Event
    | CourseStructurePublished
    | LearningProgramPublished
    | LearningProgramCompleted
    | RecertificationAnnounced
)
"""Every event that the log holds."""

OF_NO_COURSE_RECORD: Final = (
    CourseStructurePublished,
    LearningProgramPublished,
    LearningProgramCompleted,
    RecertificationAnnounced,
)
"""Those that are not of a learner in a course."""
