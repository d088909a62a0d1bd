"""Scores: 0 to 100 points, none where nothing was graded."""

from collections.abc import Iterable

from contracts.catalog import Activity

GRADED_TYPES = frozenset({"form", "exam", "certificate"})
FULL_SCORE = 100.0


def best(one: float | None, other: float | None) -> float | None:
    """The better of two scores."""
    if one is None or other is None:
        return other if one is None else one
    return max(one, other)


def is_graded(activity: Activity) -> bool:
    """True of the types that a mark grades (M7)."""
    return activity.type in GRADED_TYPES


def score_when_marked(activity: Activity, score: float | None) -> float | None:
    """The score after an administrator's mark: 100 where the type is graded (M7)."""
    return FULL_SCORE if is_graded(activity) else score


def average(scores: Iterable[float | None]) -> float | None:
    """The mean over the scores that there are, to two decimals."""
    known = [score for score in scores if score is not None]
    return round(sum(known) / len(known), 2) if known else None
