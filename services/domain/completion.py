"""When an activity, and when a course, is complete."""

from datetime import datetime

from contracts.catalog import CompletionRules
from services.domain.course import Course
from services.domain.state import ActivityState, Completion, Progress


def rules_hold(rules: CompletionRules, state: ActivityState) -> bool:
    """True where at least one rule is set and all that are set hold (L1)."""
    wanted = (
        (rules.visited, state.visited),
        (rules.joined, state.joined),
        (rules.submitted, state.submitted),
        (rules.claimed, state.claimed),
        (rules.passed is not None, passes(rules, state.score) is True),
        (rules.min_time is not None, state.time_spent >= (rules.min_time or 0)),
    )
    return any(is_set for is_set, _ in wanted) and all(holds for is_set, holds in wanted if is_set)


def passes(rules: CompletionRules, score: float | None) -> bool | None:
    """Whether a score passes; none where the activity has no pass mark."""
    if rules.passed is None:
        return None
    return score is not None and score >= rules.passed


def required_completions(state: Progress, course: Course) -> list[Completion] | None:
    """The completions of all required activities, in order; none while one is open."""
    completions: list[Completion] = []
    for activity in course.required:
        completion = state.of(activity).completion
        if completion is None:
            return None
        completions.append(completion)
    return completions


def latest(completions: list[Completion]) -> Completion:
    """The completion that was achieved last; of several at one instant the last in the course."""
    return max(reversed(completions), key=_achieved)


def _achieved(completion: Completion) -> datetime:
    return completion.effective_at
