"""An administrator marks, or imports, completions (M1, M4 to M14, B4)."""

from collections.abc import Iterable

from contracts.commands import WHOLE_COURSE, ImportCompletion, MarkComplete
from contracts.events import ActivityCompleted, Event
from contracts.fields import Provenance
from contracts.results import Skipped
from services.domain.deciders.closing import close
from services.domain.deciders.skipping import unknown_activity
from services.domain.decision import Accepted, Case, Decision, Refused
from services.domain.grading import is_graded, score_when_marked


def mark(case: Case, command: MarkComplete) -> Decision:
    """Mark what is open; a locked activity can be marked and stays locked (M10)."""
    whole = command.activities == WHOLE_COURSE
    named = (
        tuple(case.course.activities) if command.activities == WHOLE_COURSE else command.activities
    )
    events: list[Event] = [
        _completed(
            case,
            activity,
            score_when_marked(case.course.activities[activity], case.state.of(activity).score),
            "manual",
        )
        for activity in _open(case, named)
    ]
    if not events and not (whole and _is_open(case)):
        return _nothing_left(case, named)
    return Accepted(close(case, events), () if whole else _skipped(case, named))


def import_(case: Case, command: ImportCompletion) -> Decision:
    """Complete as achieved elsewhere; the score is kept as given.

    With the whole course the score goes to its graded activities.
    """
    named = tuple(case.course.activities) if command.activity is None else (command.activity,)
    events: list[Event] = [
        _completed(case, activity, _imported_score(case, command, activity), "imported")
        for activity in _open(case, named)
    ]
    if not events and not (command.whole_course and _is_open(case)):
        return _nothing_left(case, named)
    return Accepted(close(case, events))


def _open(case: Case, named: Iterable[str]) -> list[str]:
    return [
        activity
        for activity in named
        if activity in case.course.activities and not case.state.is_complete(activity)
    ]


def _is_open(case: Case) -> bool:
    """With all its activities complete the course can be completed alone (M13)."""
    return case.state.completion is None


def _imported_score(case: Case, command: ImportCompletion, activity: str) -> float | None:
    takes_score = command.activity is not None or is_graded(case.course.activities[activity])
    if command.score is not None and takes_score:
        return command.score
    return case.state.of(activity).score


def _completed(
    case: Case, activity: str, score: float | None, provenance: Provenance
) -> ActivityCompleted:
    return ActivityCompleted(
        **case.common,
        activity=activity,
        activity_type=case.course.activities[activity].type,
        score=score,
        provenance=provenance,
        manually_completed=provenance == "manual",
    )


def _skipped(case: Case, named: Iterable[str]) -> tuple[Skipped, ...]:
    return tuple(
        Skipped(
            activity=activity,
            code="already_complete" if activity in case.course.activities else "unknown_activity",
        )
        for activity in named
        if activity not in case.course.activities or case.state.is_complete(activity)
    )


def _nothing_left(case: Case, named: Iterable[str]) -> Refused:
    return unknown_activity(case, _skipped(case, named)) or Refused(
        "already_complete",
        "Nothing is left to mark: all that the command names is complete already. "
        "Reset it first if it must be done again.",
    )
