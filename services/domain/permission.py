"""Who may do it (A1, A2): roles and plans come from the directory, never from a message."""

from contracts.commands import AdministratorCommand, Command, EnrollLearner, UnenrollLearner
from contracts.fields import RoleLevel
from services.domain.decision import Context, Refused

PLANS = frozenset({"starter", "pro_trainer", "learning_center", "high_volume_corporate"})


def refusal(command: Command, context: Context) -> Refused | None:
    """Why the actor may not do this, or none."""
    match command:
        case AdministratorCommand():
            return administrators_refusal(
                command.school, command.actor, context.actor_level, context.plan
            )
        case EnrollLearner(actor=str(actor)) | UnenrollLearner(actor=str(actor)):
            if actor == command.learner and context.actor_level is not None:
                return None
            return _administrator(actor, command.school, context.actor_level)
        case _:
            return None


def administrators_refusal(
    school: str, actor: str, level: RoleLevel | None, plan: str | None
) -> Refused | None:
    """Why the actor may not do what is for administrators alone, or none (A1, A2)."""
    return _administrator(actor, school, level) or _feature(school, plan)


def _administrator(actor: str, school: str, level: RoleLevel | None) -> Refused | None:
    if level == "admin":
        return None
    return Refused(
        "not_permitted",
        f"{actor} is no administrator of {school}; "
        "send the command as a user whose role has the level admin in the directory.",
    )


def _feature(school: str, plan: str | None) -> Refused | None:
    if plan in PLANS:
        return None
    return Refused(
        "feature_not_available",
        f"The plan of {school} does not include marking, resetting and bulk enrolment; "
        f"move to one of {', '.join(sorted(PLANS))}.",
        {"plan": plan},
    )
