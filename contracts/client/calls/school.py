"""Reads of a school: whom a search finds, the events log, the catalogue, programmes, due dates."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypedDict, Unpack, cast

from pydantic import JsonValue

from ...api.catalog import (
    CourseListed,
    Courses,
    CourseShown,
    ProgramLearner,
    ProgramLearners,
    ProgramListed,
    Programs,
    ProgramShown,
)
from ...api.due import Due, DueDates
from ...api.learners import LoggedEvent, LoggedEvents
from ...api.search import FoundLearner, Learners, SavedSearch, SavedSearches
from ...fields import RoleLevel
from ...progress import Status
from .call import Answer, Call, Page, Said, as_, asks, cursor_after, get, pages


class Criteria(TypedDict, total=False):
    """What the document says of each; of several, a learner meets all."""

    course: str
    completed_from: datetime
    completed_to: datetime
    manually_completed: bool
    enrolled_from: datetime
    enrolled_to: datetime
    status: Status
    progress_from: float
    progress_to: float
    attempt: int
    inactive_since: date
    tags: Sequence[str]
    role_level: RoleLevel
    role: str
    text: str
    saved: str
    limit: int


def learners(**criteria: Unpack[Criteria]) -> Call[Page[FoundLearner]]:
    """Learners of the school who meet all the criteria; without any, all of them."""
    query = cast("Mapping[str, Said]", criteria)
    return pages("/v1/learners", Learners, lambda it: it.learners, query=query)


class FoundPage(NamedTuple):
    """Learners, and how many there are; ``after`` asks for the next page, none: there is none."""

    page: Learners
    after: str | None


def page_of_learners(*, after: str | None = None, **criteria: Unpack[Criteria]) -> Call[FoundPage]:
    """One page of ``learners``: the first, or that to which the page before it leads."""
    query = cast("Mapping[str, Said]", criteria | {"cursor": after})
    return asks("GET", "/v1/learners", _found, query=query)


def _found(answer: Answer) -> FoundPage:
    return FoundPage(as_(Learners)(answer), cursor_after(answer))


def searches(*, limit: int | None = None) -> Call[Page[SavedSearch]]:
    """The school's saved searches, in order of their names."""
    query = {"limit": limit}
    return pages("/v1/searches", SavedSearches, lambda it: it.searches, query=query)


def get_search(name: str) -> Call[SavedSearch]:
    """What a saved search asks for."""
    return get("/v1/searches/{name}", SavedSearch, name)


def put_search(name: str, criteria: Mapping[str, JsonValue]) -> Call[SavedSearch]:
    """Keep a search under a name, in place of what it was; criteria as ``learners`` takes them."""
    body = json.dumps(criteria).encode()
    return asks("PUT", "/v1/searches/{name}", as_(SavedSearch), [name], body=body)


def delete_search(name: str) -> Call[SavedSearch]:
    """Delete a saved search, and give what it was."""
    return asks("DELETE", "/v1/searches/{name}", as_(SavedSearch), [name])


def events(
    *,
    learner: str | None = None,
    course: str | None = None,
    type: Sequence[str] = (),  # noqa: A002 - the API's word
    actor: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
) -> Call[Page[LoggedEvent]]:
    """What happened in the school, the newest first."""
    return pages(
        *("/v1/events", LoggedEvents, lambda it: it.events),
        query={
            "learner": learner,
            "course": course,
            "type": type,
            "actor": actor,
            "since": since,
            "until": until,
            "limit": limit,
        },
    )


def courses(*, limit: int | None = None) -> Call[Page[CourseListed]]:
    """The school's courses as they are published, in order of their ids."""
    return pages("/v1/courses", Courses, lambda it: it.courses, query={"limit": limit})


def get_course(course: str) -> Call[CourseShown]:
    """A course's sections and activities, with their rules, as they are published."""
    return get("/v1/courses/{course}", CourseShown, course)


def programs(*, limit: int | None = None) -> Call[Page[ProgramListed]]:
    """The school's learning programmes, in order of their ids."""
    return pages("/v1/programs", Programs, lambda it: it.programs, query={"limit": limit})


def get_program(program: str) -> Call[ProgramShown]:
    """A learning programme with its courses."""
    return get("/v1/programs/{program}", ProgramShown, program)


def learners_of_program(program: str, *, limit: int | None = None) -> Call[Page[ProgramLearner]]:
    """Who has completed a learning programme, or has begun a course of it (B12)."""
    return pages(
        *("/v1/programs/{program}/learners", ProgramLearners, lambda it: it.learners, program),
        query={"limit": limit},
    )


def due(
    *,
    course: str | None = None,
    since: datetime | None = None,
    before: datetime | None = None,
    limit: int | None = None,
) -> Call[Page[Due]]:
    """Whose completions have to be renewed, the soonest first, as schedules say now."""
    return pages(
        *("/v1/due", DueDates, lambda it: it.due),
        query={"course": course, "since": since, "before": before, "limit": limit},
    )
