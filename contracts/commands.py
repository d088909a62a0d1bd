"""Commands: what a producer asks for, in the imperative.

A command's id is the ``ce_id`` of its envelope and its Kafka key is ``school/learner``.
A role that a command claims for its actor is ignored: roles come from the directory (A1).
"""

from collections import Counter
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from .fields import (
    MAX_ACTIVITIES,
    ActivityId,
    CommandId,
    CourseId,
    Instant,
    LearnerId,
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

WHOLE_COURSE: Literal["whole_course"] = "whole_course"
Activities = tuple[ActivityId, ...] | Literal["whole_course"]


def _each_once(activities: Activities) -> Activities:
    if activities != WHOLE_COURSE and len(set(activities)) < len(activities):
        twice = sorted(id_ for id_, times in Counter(activities).items() if times > 1)
        raise ValueError(f"names an activity twice: {', '.join(twice[:5])}; name each once")
    return activities


ActivitySelection = Annotated[
    Annotated[tuple[ActivityId, ...], Field(min_length=1, max_length=MAX_ACTIVITIES)]
    | Literal["whole_course"],
    Field(description='1 to 1,000 different activities, or "whole_course".'),
    AfterValidator(_each_once),
]


class Command(Contract):
    """What every command says: which learner, in which course of which school."""

    school: SchoolId
    learner: LearnerId
    course: CourseId
    source: Source = "kafka"
    correlation_id: CommandId | None = Field(None, description="Ties messages of one cause.")
    batch_id: CommandId | None = Field(None, description="The operation it belongs to.")
    effective_at: Instant | None = Field(
        None, description="When it happened; may lie in the past, not in the future (B4)."
    )
    dry_run: bool | None = Field(
        None, description="True: only say what would happen, and change nothing (B5)."
    )


class EnrollLearner(Command):
    """Enrol a learner; a learner who was enrolled before goes on where they stood (R6)."""

    actor: UserId | None = Field(None, description="Who enrols; none: the platform itself.")


class UnenrollLearner(Command):
    """End an enrolment; the record is kept (R6)."""

    actor: UserId | None = Field(None, description="Who unenrols; none: the platform itself.")


class Visit(Contract):
    """The learner opened the activity."""

    kind: Literal["visit"] = "visit"


class Join(Contract):
    """The learner joined a live session."""

    kind: Literal["join"] = "join"


class Claim(Contract):
    """The learner claimed a certificate."""

    kind: Literal["claim"] = "claim"


class Submission(Contract):
    """The learner submitted an assessment; no score where it is not graded."""

    kind: Literal["submission"] = "submission"
    score: Score | None = None


class TimeSpent(Contract):
    """The learner spent more time on the activity; reports add up (L4)."""

    kind: Literal["time_spent"] = "time_spent"
    seconds: Seconds


Signal = Annotated[Visit | Join | Claim | Submission | TimeSpent, Field(discriminator="kind")]


class RecordActivity(Command):
    """What the player saw a learner do (L1)."""

    activity: ActivityId
    signal: Signal = Field(description="What was seen; kind tells which of the five.")


class AdministratorCommand(Command):
    """What only a user of level admin may ask for (A1)."""

    actor: UserId = Field(description="The administrator, as the school's directory knows them.")
    reason: Reason = "administrative"
    note: Text | None = Field(None, description="For the log; holds no personal data.")


class SelectingCommand(AdministratorCommand):
    """An administrator's command over some activities, or over the whole course."""

    activities: ActivitySelection


class MarkComplete(SelectingCommand):
    """Mark activities, or every activity not yet complete, as complete (M1, M13)."""

    send_completion_email: bool = Field(description="There is no default (M5).")


class ResetProgress(SelectingCommand):
    """Reset activities, or the whole course and so open the next attempt (R1, R4)."""

    completed_until: Instant | None = Field(
        None,
        description="Only where the present completion of the course was achieved then or "
        "earlier; otherwise there is nothing to reset. None: whatever is there.",
    )


class ImportCompletion(AdministratorCommand):
    """One activity, or the whole course, as achieved elsewhere: its score is kept as given."""

    activity: ActivityId | None = Field(None, description="Either this or whole_course.")
    whole_course: bool = Field(False, description="True in place of an activity.")
    score: Score | None = None
    reason: Reason = "migration"
    send_completion_email: bool = Field(description="There is no default (M5).")

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.activity is None) is not self.whole_course:
            raise ValueError(
                "has to name one activity or set whole_course to true, not both or neither"
            )
        return self


class UndoCommand(AdministratorCommand):
    """Take back what a command, or an operation, did to this learner in this course (B7)."""

    undoes: CommandId | None = Field(
        None, description="The id of the command that is taken back; either this or an operation."
    )
    undoes_operation: CommandId | None = Field(
        None, description="All that this operation did to the record, in one go."
    )
    include_later: bool = Field(
        False, description="Undo what stands on it too; otherwise that refuses the undo."
    )

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.undoes is None) is (self.undoes_operation is None):
            raise ValueError("has to name a command or an operation, not both or neither")
        return self


class EvaluateCourse(Command):
    """Work out a learner's course anew under a later structure (B9).

    Coursemark sends it to itself when a structure changes; it can only complete what the
    rules of the latest structure say is complete, so it asks for no role.
    """

    source: Source = "rule"
    structure_version: StructureVersion
