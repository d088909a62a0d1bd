"""Where an operation may go from where it stands (B6). Pure."""

from typing import NamedTuple

from contracts.operations import FINAL, Action, PauseReason, State
from services.domain.decision import Refused

_OPEN: frozenset[State] = frozenset({"scheduled", "validating", "running"})


class Standing(NamedTuple):
    """What a decision needs to know; ``resume_to``: the state that it was paused in."""

    operation: str
    state: State
    pause_reason: PauseReason | None
    resume_to: State | None
    started_by: str
    failed: bool


class Move(NamedTuple):
    """The state that an action leads to, and who answers for what is still to be done."""

    state: State
    pause_reason: PauseReason | None = None
    resume_to: State | None = None
    responsible: str | None = None
    approved_by: str | None = None
    retries: bool = False


def move(standing: Standing, action: Action, actor: str) -> Move | Refused:
    """What the action of an administrator leads to."""
    match action:
        case "pause" if standing.state in _OPEN:
            return Move("paused", "administrator", standing.state)
        case "resume" if standing.state == "paused":
            return _resume(standing, actor)
        case "approve" if standing.pause_reason == "approval_required":
            return _approve(standing, actor)
        case "cancel" if standing.state not in FINAL:
            return Move("cancelled")
        case "retry" if standing.state == "completed_with_errors" and standing.failed:
            return Move("running", responsible=actor, retries=True)
        case _:
            return _conflict(standing, f"cannot be {_DONE[action]}", _REMEDY[action])


_DONE = {
    "pause": "paused",
    "resume": "resumed",
    "cancel": "cancelled",
    "retry": "retried",
    "approve": "approved",
}
_REMEDY = {
    "pause": "only what is still under way can be paused",
    "resume": "only what is paused can be resumed",
    "cancel": "it has come to its end already",
    "retry": "wait until it has completed with errors: its failed rows can be tried again then",
    "approve": "it does not wait for an approval",
}


def _resume(standing: Standing, actor: str) -> Move | Refused:
    if standing.pause_reason == "approval_required":
        return _conflict(
            standing, "waits for a second administrator", "let another one approve it, or cancel it"
        )
    return Move(standing.resume_to or "running", responsible=actor)


def _approve(standing: Standing, actor: str) -> Move | Refused:
    if actor == standing.started_by:
        return _conflict(
            standing,
            f"was started by {actor}",
            "another administrator has to approve it",
        )
    return Move(standing.resume_to or "running", approved_by=actor)


def _conflict(standing: Standing, what: str, remedy: str) -> Refused:
    return Refused(
        "operation_conflict",
        f"The operation {standing.operation} is {standing.state.replace('_', ' ')} and {what}; "
        f"{remedy}.",
        {"state": standing.state},
    )
