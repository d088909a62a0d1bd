"""Operations: one administrator's command for many learners, and how far it has come (B6).

An operation comes in one message or in several, its parts, each with up to 1,000 learners or
rows; their Kafka key is ``school/operation``. It begins when all parts are there. Each row becomes
the commands of one learner in one course, whose ids follow from the operation's (uuid5), so that a
repeated split repeats nothing.
"""

from collections.abc import Collection, Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .commands import ActivitySelection
from .fields import (
    ActivityId,
    CommandId,
    CourseId,
    Id,
    Instant,
    Label,
    LearnerId,
    ProgramId,
    Reason,
    SchoolId,
    Score,
    Source,
    Text,
    UserId,
)
from .model import Contract

MAX_ROWS = 1_000
"""Learners or rows in one message."""
MAX_PARTS = 10_000
MAX_COURSES = 100
"""Courses, or learning programmes, that one enrolment in bulk may name."""

OperationId = Annotated[
    Id, Field(description="Of the operation, chosen by the producer, unique within a school.")
]
Kind = Annotated[
    Literal["enroll", "mark_complete", "reset_progress", "import", "undo"],
    Field(description="What the operation does to each learner."),
]
State = Annotated[
    Literal[
        "scheduled",
        "validating",
        "running",
        "paused",
        "completed",
        "completed_with_errors",
        "cancelled",
    ],
    Field(description="Where the operation stands; the last three are final but for a retry."),
]
FINAL: frozenset[State] = frozenset({"completed", "completed_with_errors", "cancelled"})
"""States in which nothing happens any more; failed rows may be tried again."""
PauseReason = Annotated[
    Literal["administrator", "approval_required", "not_permitted", "fault"],
    Field(
        description="Who or what holds it: an administrator, the wait for a second one "
        "(four-eyes), that its administrator is none any more, or a fault of Coursemark."
    ),
]
Action = Annotated[
    Literal["pause", "resume", "cancel", "retry", "approve"],
    Field(description="retry: the failed rows alone; approve: by a second administrator."),
]
Learners = Annotated[
    tuple[LearnerId, ...],
    Field(min_length=1, max_length=MAX_ROWS, description="1 to 1,000 learners in one message."),
]
Count = Annotated[int, Field(ge=0, le=2**53, description="How many rows.")]


class OperationCommand(Contract):
    """What every command about an operation says."""

    school: SchoolId
    operation: OperationId
    actor: UserId = Field(description="The administrator, as the school's directory knows them.")
    source: Source = "kafka"
    correlation_id: CommandId | None = Field(None, description="Ties messages of one cause.")
    note: Text | None = Field(None, description="For the log; holds no personal data.")


class BeginningCommand(OperationCommand):
    """A command that begins an operation, or brings one of its parts."""

    part: Annotated[int, Field(ge=1, le=MAX_PARTS)] = Field(1, description="Which part this is.")
    parts: Annotated[int, Field(ge=1, le=MAX_PARTS)] = Field(
        1, description="How many there are; the same in each."
    )
    reason: Reason = "administrative"
    effective_at: Instant | None = Field(
        None, description="When it happened; may lie in the past, not in the future (B4)."
    )
    start_at: Instant | None = Field(None, description="Not before then; none: at once (B12).")
    dry_run: bool = Field(False, description="Only say what would happen (B5).")

    @model_validator(mode="after")
    def _part_of_parts(self) -> Self:
        if self.part > self.parts:
            raise ValueError(f"is part {self.part} of {self.parts}; send a part from 1 to parts")
        return self


class BulkCommand(BeginningCommand):
    """The same for several learners, named or found (M2)."""

    learners: Learners | None = Field(None, description="Either these or a search.")
    search: Label | None = Field(
        None,
        description="The name of a saved search. Whom it finds when the operation is validated "
        "counts, and nobody else, so that preview, approval, retry and undo are of the same set.",
    )

    @model_validator(mode="after")
    def _one_choice_of_learners(self) -> Self:
        if (self.learners is None) is (self.search is None):
            raise ValueError("has to name learners or a saved search, not both or neither")
        if self.search is not None and self.parts > 1:
            raise ValueError("finds its learners by a search; send it in one part")
        return self


def check_enrolment(
    courses: Collection[CourseId],
    programs: Collection[ProgramId],
    *,
    mark_complete: bool,
    email: bool | None,
) -> None:
    """Whether an enrolment in bulk says what it has to.

    Raises:
        ValueError: it names nothing, or leaves the choice of the e-mail open (M5).
    """
    if not courses and not programs:
        raise ValueError("has to name courses or learning programmes")
    if mark_complete and email is None:
        raise ValueError("marks complete; say in send_completion_email whether the e-mail goes out")


class BulkEnroll(BulkCommand):
    """Enrol learners in courses, or in every course of learning programmes (M3)."""

    courses: Annotated[tuple[CourseId, ...], Field(max_length=MAX_COURSES)] = Field(
        (), description="Up to 100 courses."
    )
    programs: Annotated[tuple[ProgramId, ...], Field(max_length=MAX_COURSES)] = Field(
        (), description="Up to 100 learning programmes: every course of each."
    )
    mark_complete: bool = Field(False, description="Mark the whole courses complete then (M3).")
    send_completion_email: bool | None = Field(
        None, description="Required with mark_complete; there is no default (M5)."
    )

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        check_enrolment(
            self.courses,
            self.programs,
            mark_complete=self.mark_complete,
            email=self.send_completion_email,
        )
        return self


class BulkMarkComplete(BulkCommand):
    """Mark activities of one course, or the whole course, complete for learners (M2)."""

    course: CourseId
    activities: ActivitySelection
    send_completion_email: bool = Field(description="There is no default (M5).")


class BulkResetProgress(BulkCommand):
    """Reset activities of one course, or the whole course, for learners (R1)."""

    course: CourseId
    activities: ActivitySelection
    completed_until: Instant | None = Field(
        None,
        description="Only for whom the present completion of the course was achieved then or "
        "earlier, when their row is carried out; whoever achieved it anew since is skipped.",
    )


class ImportRow(Contract):
    """One line of an import: what a learner achieved elsewhere, or an enrolment alone."""

    line: Annotated[int, Field(ge=1, le=2**31 - 1)] = Field(description="In the file, from 1.")
    learner: LearnerId
    course: CourseId
    activity: ActivityId | None = Field(None, description="None: the whole course.")
    completed: bool = Field(True, description="False: the learner is enrolled and nothing more.")
    completed_at: Instant | None = Field(None, description="When it was achieved; none: now.")
    enrolled_at: Instant | None = Field(None, description="Of an enrolment; none: now.")
    score: Score | None = None
    reason: Reason | None = Field(None, description="None: the command's.")
    note: Text | None = Field(None, description="None: the command's.")


class BulkImport(BeginningCommand):
    """Rows of a file, as achieved elsewhere (B8). The order of rows makes no difference (B4)."""

    rows: Annotated[tuple[ImportRow, ...], Field(min_length=1, max_length=MAX_ROWS)] = Field(
        description="1 to 1,000 rows."
    )
    reason: Reason = "migration"
    enroll: bool = Field(description="Enrol who is not enrolled yet; otherwise the row fails.")
    send_completion_email: bool = Field(description="There is no default (M5).")


class UndoOperation(BeginningCommand):
    """Take an operation back: what each of its commands did is undone (B7)."""

    undoes: OperationId
    include_later: bool = Field(False, description="Undo what stands on it too.")


class ControlOperation(OperationCommand):
    """Pause, resume, cancel, retry or approve an operation (B6)."""

    action: Action


class OperationReported(Contract):
    """How far an operation has come; the last word of its key is the present one."""

    school: SchoolId
    operation: OperationId
    kind: Kind
    state: State
    dry_run: bool = Field(description="Nothing was changed, it only says what would be (B5).")
    revision: Annotated[int, Field(ge=1, le=2**53)] = Field(description="Rises with each report.")
    total: Count | None = Field(None, description="Rows; none while it is validated.")
    done: Count
    skipped: Mapping[str, Count] = Field(description="Rows with nothing to do, by code.")
    failed: Mapping[str, Count] = Field(description="Rows that were refused, by code.")
    actor: UserId = Field(description="Who started it.")
    reason: Reason
    note: Text | None = None
    source: Source
    correlation_id: CommandId | None = None
    pause_reason: PauseReason | None = None
    approved_by: UserId | None = Field(None, description="The second administrator.")
    undoes: OperationId | None = Field(None, description="Of an undo: what it takes back.")
    undone_by: OperationId | None = Field(None, description="The operation that took it back.")
    message: Text | None = Field(None, description="A sentence, where there is more to say.")
    created_at: Instant
    start_at: Instant | None = Field(None, description="Not to be begun before.")
    started_at: Instant | None = None
    ended_at: Instant | None = None
