"""``decide(state, command, context) -> decision``."""

from datetime import datetime, timedelta

from contracts.commands import (
    Command,
    EnrollLearner,
    EvaluateCourse,
    ImportCompletion,
    MarkComplete,
    RecordActivity,
    ResetProgress,
    UndoCommand,
    UnenrollLearner,
)
from services.domain import limits
from services.domain.deciders import enrolment, learning, marking, resetting, undoing
from services.domain.decision import Case, Context, Decision, Refused
from services.domain.permission import refusal
from services.domain.state import Progress

CLOCK_SKEW = timedelta(minutes=5)
"""How far a producer's clock may be ahead of ours."""


def decide(state: Progress, command: Command, context: Context) -> Decision:
    """What the command leads to in this state."""
    refused = (
        in_the_future(command.effective_at, context.recorded_at)
        or refusal(command, context)
        or limits.refusal(command, context.policy, context.recorded_at)
    )
    if refused is not None:
        return refused
    if context.course is None:
        return Refused(
            "unknown_course",
            f"{command.school} has no course {command.course}; publish its structure first.",
        )
    refused = _without_enrolment(state, command, context)
    if refused is not None:
        return refused
    return _decide(Case(state, command, context, context.course))


def _decide(case: Case) -> Decision:
    match case.command:
        case RecordActivity() as command:
            return learning.record(case, command)
        case MarkComplete() as command:
            return marking.mark(case, command)
        case ImportCompletion() as command:
            return marking.import_(case, command)
        case ResetProgress() as command:
            return resetting.reset(case, command)
        case UndoCommand() as command:
            return undoing.undo(case, command)
        case EnrollLearner():
            return enrolment.enroll(case)
        case UnenrollLearner():
            return enrolment.unenroll(case)
        case EvaluateCourse():
            return enrolment.evaluate(case)
        case _:
            raise TypeError(f"no decider for {type(case.command).__name__}")


def in_the_future(effective_at: datetime | None, now: datetime) -> Refused | None:
    """Why nothing can have happened then, or none."""
    if effective_at is None or effective_at <= now + CLOCK_SKEW:
        return None
    return Refused(
        "invalid_command",
        "effective_at lies in the future; send when it happened, or leave it out for now.",
        {"effective_at": effective_at.isoformat()},
    )


def _without_enrolment(state: Progress, command: Command, context: Context) -> Refused | None:
    """Everything but enrolling needs an enrolment (R6), and enrolling a learner who is known."""
    if not state.enrolled and not context.learner_known:
        return Refused(
            "unknown_learner",
            f"{command.school} has no user {command.learner}; publish the user to the directory.",
        )
    if state.enrolled or isinstance(command, EnrollLearner | UndoCommand):
        return None
    return Refused(
        "not_enrolled",
        f"{command.learner} is not enrolled in {command.course}; enrol the learner first.",
    )
