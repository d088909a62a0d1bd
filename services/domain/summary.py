"""Where a learner stands: worked out from the state and the latest structure alone.

Nothing in it is stored by an event, so no structure change leaves it stale (B9).
"""

from typing import NamedTuple

from contracts.progress import Status
from services.domain.course import Course
from services.domain.grading import average
from services.domain.state import Progress


class Summary(NamedTuple):
    """``progress_rate`` in per cent, 0 to 100 by construction; ``time_spent`` in seconds."""

    status: Status
    progress_rate: float
    completed_required: int
    required: int
    average_score: float | None
    time_spent: int


def summarise(state: Progress, course: Course) -> Summary:
    """The figures of the current attempt under this structure."""
    required = course.required_ids
    done = sum(it.completion is not None for id_, it in state.activities.items() if id_ in required)
    return Summary(
        status=status(state),
        progress_rate=round(100 * done / len(course.required), 2),
        completed_required=done,
        required=len(course.required),
        average_score=average_score(state, course),
        time_spent=sum(activity.time_spent for activity in state.activities.values()),
    )


def status(state: Progress) -> Status:
    """``not_started`` while nothing is recorded in this attempt."""
    if state.completion is not None:
        return "completed"
    return "not_completed" if state.activities else "not_started"


def average_score(state: Progress, course: Course) -> float | None:
    """The mean over the course's activities that have a score, added up in its order.

    Only what is recorded is looked at: a course may have hundreds of activities.
    """
    places = course.places
    scored = [
        (places[id_], it.score)
        for id_, it in state.activities.items()
        if it.score is not None and id_ in places
    ]
    return average(score for _, score in sorted(scored))
