"""Completing the course after whatever was decided (M12, M13, B9)."""

from typing import Any, Literal, assert_never

from contracts.commands import ImportCompletion, MarkComplete, RecordActivity, UndoCommand
from contracts.events import CourseCompleted, Event
from contracts.fields import Provenance
from services.domain.completion import latest, required_completions
from services.domain.decision import Case
from services.domain.evolve import fold
from services.domain.state import Completion
from services.domain.summary import average_score

Cause = Literal["activity", "administrator", "structure_change"]


def close(case: Case, events: list[Event]) -> tuple[Event, ...]:
    """The events, and the course's completion after them where nothing required is open.

    The course was achieved when the last of its required activities was, whatever the order
    in which they came in, so that imports are order-independent (B4).
    """
    after = fold(case.state, events)
    completions = required_completions(after, case.course)
    if after.completion is not None or completions is None:
        return tuple(events)
    cause = _cause(case)
    completed = CourseCompleted(
        **case.common
        | _achieved(case, cause, latest(completions))
        | {
            "average_score": average_score(after, case.course),
            "cause": cause,
            "send_completion_email": _sends_email(case),
        }
    )
    return (*events, completed)


def _cause(case: Case) -> Cause:
    """What completed the course: a change of its structure where it left nothing open before."""
    was_done = required_completions(case.state, case.course) is not None
    match case.command:
        case MarkComplete() | ImportCompletion():
            return "administrator" if was_done else "activity"
        case RecordActivity():
            return "structure_change" if was_done else "activity"
        case UndoCommand():
            return "activity"
        case _:
            return "structure_change"


def _achieved(case: Case, cause: Cause, last: Completion) -> dict[str, Any]:
    provenance: Provenance
    match cause:
        case "activity":
            undone = isinstance(case.command, UndoCommand)
            provenance = last.provenance if undone else _provenance(case)
            effective_at = last.effective_at
        case "administrator":
            provenance = _provenance(case)
            effective_at = max(last.effective_at, case.effective_at)
        case "structure_change":
            provenance = last.provenance
            effective_at = max(last.effective_at, case.course.published_at)
        case _:
            assert_never(cause)
    return {
        "provenance": provenance,
        "manually_completed": provenance == "manual",
        "effective_at": effective_at,
    }


def _provenance(case: Case) -> Provenance:
    """The provenance of what completes the course: the command at hand (M12)."""
    match case.command:
        case MarkComplete():
            return "manual"
        case ImportCompletion():
            return "imported"
        case _:
            return "earned"


def _sends_email(case: Case) -> bool:
    """Only if the command said so, and at most once per attempt (M5)."""
    match case.command:
        case MarkComplete() | ImportCompletion() as command:
            return command.send_completion_email and not case.state.emailed
        case _:
            return False
