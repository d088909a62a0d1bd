"""An administrator resets activities or the whole course (R1 to R6)."""

from datetime import datetime

from contracts.commands import WHOLE_COURSE, ResetProgress
from contracts.events import ProgressReset
from contracts.results import Skipped
from services.domain.deciders.skipping import unknown_activity
from services.domain.decision import Accepted, Case, Decision, Refused


def reset(case: Case, command: ResetProgress) -> Decision:
    """Start again from nothing; a reset of the whole course opens the next attempt (R4)."""
    if command.completed_until is not None and not _completed(case, command.completed_until):
        return Refused(
            "nothing_to_reset",
            f"{command.learner} has no completion of {command.course} that was achieved by "
            f"{command.completed_until:%Y-%m-%d %H:%M} UTC; there is nothing to do.",
        )
    if command.activities == WHOLE_COURSE:
        return _whole_course(case)
    return _activities(case, command.activities)


def _completed(case: Case, until: datetime) -> bool:
    """Whether the course is complete now, and was so by then."""
    completion = case.state.completion
    return completion is not None and completion.effective_at <= until


def _whole_course(case: Case) -> Decision:
    if not case.state.activities and case.state.completion is None:
        return _nothing(case)
    event = ProgressReset(
        **case.common,
        opens_attempt=max(case.state.attempt, case.state.opened) + 1,
        reopens_course=case.state.completion is not None,
    )
    return Accepted((event,))


def _activities(case: Case, named: tuple[str, ...]) -> Decision:
    recorded = tuple(activity for activity in named if activity in case.state.activities)
    skipped = tuple(
        Skipped(
            activity=activity,
            code="nothing_to_reset" if activity in case.course.activities else "unknown_activity",
        )
        for activity in named
        if activity not in case.state.activities
    )
    if not recorded:
        return unknown_activity(case, skipped) or _nothing(case)
    event = ProgressReset(
        **case.common, activities=recorded, reopens_course=_reopens(case, recorded)
    )
    return Accepted((event,), skipped)


def _reopens(case: Case, recorded: tuple[str, ...]) -> bool:
    """A completed course is open again when a completion that it requires is gone.

    Anything less leaves it complete, whatever was added to its structure since (M14).
    """
    required = case.course.required_ids.intersection(recorded)
    return case.state.completion is not None and any(map(case.state.is_complete, required))


def _nothing(case: Case) -> Refused:
    return Refused(
        "nothing_to_reset",
        f"{case.command.learner} has no completion, score, submission, visit or time there in "
        f"attempt {case.state.attempt}; there is nothing to do.",
    )
