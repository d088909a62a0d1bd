"""Which completions are mailed: those whose command said so, and nothing else (M5)."""

from typing import TypeGuard

from contracts.events import CourseCompleted, Logged


def is_mailed(event: Logged) -> TypeGuard[CourseCompleted]:
    """True of a completion that its learner is told of by e-mail."""
    return isinstance(event, CourseCompleted) and event.send_completion_email
