"""Who may do it (A1, A2): roles and plans come from the directory, never from a message."""

from contracts.commands import AdministratorCommand, Command, EnrollLearner, UnenrollLearner
from contracts.operations import OperationCommand
from services.domain.decision import Context, Refused

PLANS = frozenset({"starter", "pro_trainer", "learning_center", "high_volume_corporate"})


def refusal(command: Command, context: Context) -> Refused | None:
    """Why the actor may not do this, or none."""
    match command:
        case AdministratorCommand():
            return _administrator(command.actor, command.school, context) or _feature(
                command.school, context
            )
        case EnrollLearner(actor=str(actor)) | UnenrollLearner(actor=str(actor)):
            if actor == command.learner and context.actor_level is not None:
                return None
            return _administrator(actor, command.school, context)
        case _:
            return None


def operation_refusal(command: OperationCommand, context: Context) -> Refused | None:
    """Why the actor may not ask this of many learners at once, or none."""
    return _administrator(command.actor, command.school, context) or _feature(
        command.school, context
    )


def _administrator(actor: str, school: str, context: Context) -> Refused | None:
    if context.actor_level == "admin":
        return None
    return Refused(
        "not_permitted",
        f"{actor} is no administrator of {school}; "
        "send the command as a user whose role has the level admin in the directory.",
    )


def _feature(school: str, context: Context) -> Refused | None:
    if context.plan in PLANS:
        return None
    return Refused(
        "feature_not_available",
        f"The plan of {school} does not include marking, resetting and bulk enrolment; "
        f"move to one of {', '.join(sorted(PLANS))}.",
        {"plan": context.plan},
    )
