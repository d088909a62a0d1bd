"""Reads: each the address of the document, with its parameters by their names there."""

from collections.abc import Sequence

from ...api.learners import LearnerCourses, LoggedEvent, LoggedEvents
from ...api.me import Me
from ...api.operations import OperationRow, OperationRows, Operations, RowOutcome
from ...operations import OperationReported, State
from .call import Call, Page, get, pages


def me() -> Call[Me]:
    """Whose token it is: school, user, and the level of the user's role."""
    return get("/v1/me", Me)


def courses_of_learner(learner: str) -> Call[LearnerCourses]:
    """A learner's courses: status, progress, scores, time, and how each was completed."""
    return get("/v1/learners/{learner}/courses", LearnerCourses, learner)


def events_of_learner(
    learner: str, *, course: str | None = None, limit: int | None = None
) -> Call[Page[LoggedEvent]]:
    """What happened to a learner, the newest first; ``limit``: entries of a page."""
    return pages(
        *("/v1/learners/{learner}/events", LoggedEvents, lambda it: it.events, learner),
        query={"course": course, "limit": limit},
    )


def operations(
    *, state: Sequence[State] = (), previews: bool | None = None, limit: int | None = None
) -> Call[Page[OperationReported]]:
    """The school's operations, the newest first; ``state``: in any of these."""
    return pages(
        *("/v1/operations", Operations, lambda it: it.operations),
        query={"state": state, "previews": previews, "limit": limit},
    )


def get_operation(operation: str) -> Call[OperationReported]:
    """How an operation stands."""
    return get("/v1/operations/{operation}", OperationReported, operation)


def rows_of_operation(
    operation: str, *, outcome: Sequence[RowOutcome] = (), limit: int | None = None
) -> Call[Page[OperationRow]]:
    """The rows that were skipped, refused or previewed, in order."""
    return pages(
        *("/v1/operations/{operation}/rows", OperationRows, lambda it: it.rows, operation),
        query={"outcome": outcome, "limit": limit},
    )
