"""Reads of one learner: each the address of the document, with its parameters by their names."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from ...api.learners import (
    AttemptCard,
    CourseAt,
    LearnerAttempt,
    LearnerAttempts,
    LearnerCard,
    LearnerCourse,
    LearnerCourses,
    LearnerPrograms,
    LoggedEvent,
    LoggedEvents,
)
from .call import Call, Page, get, pages

By = Literal["recorded", "effective"]
"""With ``at``: what was known then, or what is known today to have been achieved by then."""


def get_learner(
    learner: str, *, at: datetime | None = None, by: By | None = None, limit: int | None = None
) -> Call[Page[LearnerCard]]:
    """A learner's card, now or as it was (B10): one card for each page of their courses."""
    return pages(
        *("/v1/learners/{learner}", LearnerCard, lambda it: (it,), learner),
        query={"at": at, "by": by, "limit": limit},
    )


def programs_of_learner(learner: str) -> Call[LearnerPrograms]:
    """The learning programmes that a learner has begun or completed."""
    return get("/v1/learners/{learner}/programs", LearnerPrograms, learner)


def courses_of_learner(
    learner: str, *, at: datetime | None = None, by: By | None = None, limit: int | None = None
) -> Call[Page[LearnerCourse]]:
    """A learner's courses: status, progress, scores, time, and how each was completed."""
    return pages(
        *("/v1/learners/{learner}/courses", LearnerCourses, lambda it: it.courses, learner),
        query={"at": at, "by": by, "limit": limit},
    )


def course_of_learner(
    learner: str, course: str, *, at: datetime | None = None, by: By | None = None
) -> Call[CourseAt]:
    """A learner in one course, with its activities, now or as it was."""
    template = "/v1/learners/{learner}/courses/{course}"
    return get(template, CourseAt, learner, course, query={"at": at, "by": by})


def attempts_of_learner(
    learner: str,
    course: str,
    *,
    at: datetime | None = None,
    by: By | None = None,
    limit: int | None = None,
) -> Call[Page[LearnerAttempt]]:
    """Earlier attempts, the last one first, now or as they were."""
    template = "/v1/learners/{learner}/courses/{course}/attempts"
    return pages(
        *(template, LearnerAttempts, lambda it: it.attempts, learner, course),
        query={"at": at, "by": by, "limit": limit},
    )


def attempt_of_learner(learner: str, course: str, attempt: int) -> Call[AttemptCard]:
    """An earlier attempt with its activities (R4)."""
    template = "/v1/learners/{learner}/courses/{course}/attempts/{attempt}"
    return get(template, AttemptCard, learner, course, str(attempt))


def events_of_learner(  # noqa: PLR0913 - each is a parameter of the address
    learner: str,
    *,
    course: str | None = None,
    type: Sequence[str] = (),  # noqa: A002 - the API's word
    actor: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    at: datetime | None = None,
    by: By | None = None,
    limit: int | None = None,
) -> Call[Page[LoggedEvent]]:
    """What happened to a learner, the newest first, now or as it was (B10).

    ``limit``: entries of a page.
    """
    which = {"course": course, "type": type, "actor": actor, "since": since, "until": until}
    return pages(
        *("/v1/learners/{learner}/events", LoggedEvents, lambda it: it.events, learner),
        query={**which, "at": at, "by": by, "limit": limit},
    )
