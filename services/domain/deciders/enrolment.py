"""Enrolling, unenrolling, and working a course out anew."""

from contracts.events import LearnerEnrolled, LearnerUnenrolled
from services.domain.deciders.closing import close
from services.domain.decision import Accepted, Case, Decision, Refused


def enroll(case: Case) -> Decision:
    """Enrol, for the first time or again; the record goes on where it stood (R6)."""
    if case.state.enrolled:
        return Refused(
            "already_enrolled",
            f"{case.command.learner} is enrolled in {case.command.course}; nothing is to be done.",
        )
    return Accepted(close(case, [LearnerEnrolled(**case.common)]))


def unenroll(case: Case) -> Decision:
    """End the enrolment; the record stays."""
    return Accepted((LearnerUnenrolled(**case.common),))


def evaluate(case: Case) -> Decision:
    """Complete the course where a structure change left nothing required to do (B9)."""
    return Accepted(close(case, []))
