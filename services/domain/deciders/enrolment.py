"""Enrolling, unenrolling, and working a course out anew."""

from contracts.events import Event, LearnerEnrolled, LearnerUnenrolled
from services.domain.deciders.closing import close
from services.domain.deciders.earning import earned
from services.domain.decision import Accepted, Case, Decision, Refused


def enroll(case: Case) -> Decision:
    """Enrol, for the first time or again; the record goes on where it stood (R6).

    The structure may have changed since the learner was unenrolled.
    """
    if case.state.enrolled:
        return Refused(
            "already_enrolled",
            f"{case.command.learner} is enrolled in {case.command.course}; nothing is to be done.",
        )
    return Accepted(_worked_out(case, [LearnerEnrolled(**case.common)]))


def unenroll(case: Case) -> Decision:
    """End the enrolment; the record stays."""
    return Accepted((LearnerUnenrolled(**case.common),))


def evaluate(case: Case) -> Decision:
    """Complete what a structure change left with nothing to do (B9)."""
    return Accepted(_worked_out(case, []))


def _worked_out(case: Case, events: list[Event]) -> tuple[Event, ...]:
    """What the record amounts to under the latest structure: rules may have become easier.

    Only what is recorded is looked at: where nothing is, no rule holds.
    """
    recorded = [
        activity for id_, activity in case.course.activities.items() if id_ in case.state.activities
    ]
    for activity in recorded:
        events += earned(case, activity, case.state, case.course.published_at)
    return close(case, events)
