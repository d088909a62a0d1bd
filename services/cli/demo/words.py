"""The words that the story is told in: a function for each command, riverside meant throughout.

The first argument is the command's name in the story; fields that are not named here can be
given as they are called in the contracts.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.commands import WHOLE_COURSE
from contracts.operations import MAX_ROWS
from services.cli.demo.school import MARIA, RIVERSIDE
from services.cli.demo.script import Ask


def enrol(name: str, learner: str, course: str, **more: Any) -> Ask:
    """The platform enrols a learner."""
    return _ask(name, "enroll_learner", learner, course, **more)


def unenrol(name: str, learner: str, course: str, **more: Any) -> Ask:
    """The platform ends an enrolment."""
    return _ask(name, "unenroll_learner", learner, course, **more)


def visit(name: str, learner: str, course: str, activity: str, **more: Any) -> Ask:
    """The player saw the learner open an activity."""
    return _seen(name, learner, course, activity, {"kind": "visit"}, **more)


def submit(name: str, learner: str, course: str, activity: str, score: float, **more: Any) -> Ask:
    """The player saw the learner submit."""
    return _seen(name, learner, course, activity, {"kind": "submission", "score": score}, **more)


def spend(name: str, learner: str, course: str, activity: str, seconds: int, **more: Any) -> Ask:
    """The player reports time spent."""
    return _seen(
        name, learner, course, activity, {"kind": "time_spent", "seconds": seconds}, **more
    )


def mark(name: str, learner: str, course: str, *activities: str, **more: Any) -> Ask:
    """Maria marks activities, or the whole course where none is named; no e-mail by default."""
    usual = {"actor": MARIA, "send_completion_email": False}
    return _ask(name, "mark_complete", learner, course, **_selected(activities), **usual | more)


def reset(name: str, learner: str, course: str, *activities: str, **more: Any) -> Ask:
    """Maria resets activities, or the whole course where none is named."""
    usual = {"actor": MARIA}
    return _ask(name, "reset_progress", learner, course, **_selected(activities), **usual | more)


def bring(name: str, learner: str, course: str, activity: str, **more: Any) -> Ask:
    """Maria imports an activity that was completed elsewhere."""
    usual = {"actor": MARIA, "send_completion_email": False, "source": "import"}
    return _ask(name, "import_completion", learner, course, activity=activity, **usual | more)


def enrol_many(operation: str, whom: Sequence[str], **more: Any) -> tuple[Ask, ...]:
    """Maria enrols many; as many messages as it takes."""
    return _parts("bulk_enroll", operation, whom, **more)


def mark_many(operation: str, whom: Sequence[str], course: str, **more: Any) -> tuple[Ask, ...]:
    """Maria marks the whole course for many; no e-mail."""
    usual = {"course": course, "activities": WHOLE_COURSE, "send_completion_email": False}
    return _parts("bulk_mark_complete", operation, whom, **usual | more)


def undo_many(operation: str, undoes: str) -> Ask:
    """Maria takes an operation back."""
    return _operation(operation, "undo_operation", operation, undoes=undoes)


def steer(name: str, operation: str, action: str, actor: str = MARIA) -> Ask:
    """Somebody pauses, resumes, cancels, retries or approves an operation."""
    return _operation(name, "control_operation", operation, actor=actor, action=action)


def again(ask: Ask, name: str, **changes: Any) -> Ask:
    """The same command under the same id; with changes, another body under that id."""
    return ask._replace(name=name, data={**ask.data, **changes})


def without(ask: Ask, field: str) -> Ask:
    """The command with a field left out."""
    return ask._replace(data={key: value for key, value in ask.data.items() if key != field})


def ago(days: int) -> str:
    """The instant so many days ago."""
    at = datetime.now(UTC) - timedelta(days=days)
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _selected(activities: tuple[str, ...]) -> dict[str, Any]:
    return {"activities": list(activities) or "whole_course"}


def _seen(
    name: str, learner: str, course: str, activity: str, signal: dict[str, Any], **more: Any
) -> Ask:
    return _ask(name, "record_activity", learner, course, activity=activity, signal=signal, **more)


def _parts(type_: str, operation: str, whom: Sequence[str], **fields: Any) -> tuple[Ask, ...]:
    """A message for each thousand learners; their names in the story are the operation's."""
    starts = range(0, len(whom), MAX_ROWS)
    asks = []
    for part, start in enumerate(starts, 1):
        some = {"learners": list(whom[start : start + MAX_ROWS])}
        of = {"part": part, "parts": len(starts)} if len(starts) > 1 else {}
        asks.append(_operation(f"{operation}-{part}", type_, operation, **some, **of, **fields))
    return tuple(asks)


def _operation(name: str, type_: str, operation: str, **fields: Any) -> Ask:
    usual = {"school": RIVERSIDE, "operation": operation, "actor": MARIA}
    return Ask(name, type_, usual | fields, id=name)


def _ask(name: str, type_: str, learner: str, course: str, **fields: Any) -> Ask:
    data = {"school": RIVERSIDE, "learner": learner, "course": course, **fields}
    return Ask(name, type_, data, id=name)
