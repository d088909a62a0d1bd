"""Reads about one learner: courses as the progress view has them, and the events log."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.learners import LearnerCourse, LearnerCourses, LoggedEvent, LoggedEvents
from contracts.fields import ID_PATTERN
from services.api.documenting import UNCHANGED, problems
from services.api.standing import Standing, Stands
from services.api.web.answers import answered
from services.api.web.pages import Cursor, Limit, paged
from services.api.web.routes import Bounded
from services.api.who.caller import Reader, check_reads
from services.http.paging import position_of
from services.http.problems import Problem
from services.store.people import people
from services.views.events_log import Entry, EventsLogView
from services.views.progress import ProgressView

router = APIRouter(route_class=Bounded, tags=["learners"])

Learner = Annotated[str, Path(pattern=ID_PATTERN, description="The learner's id.")]


@router.get(
    "/v1/learners/{learner}/courses",
    operation_id="courses_of_learner",
    response_model=LearnerCourses,
    responses=UNCHANGED | problems(400, 404),
)
async def courses(request: Request, learner: Learner, standing: Stands, caller: Reader) -> Response:
    """A learner's courses: status, progress, scores, time, and how each was completed."""
    await check_reads(standing, caller, learner)
    lines = await ProgressView(standing.log.pool).course_rows(caller.school, learner)
    if not lines:
        await _check_known(standing, caller.school, learner)
    found = tuple(LearnerCourse(**line._asdict()) for line in lines)
    return answered(LearnerCourses(courses=found), request)


@router.get(
    "/v1/learners/{learner}/events",
    operation_id="events_of_learner",
    response_model=LoggedEvents,
    responses=UNCHANGED | problems(400, 404),
)
async def events(
    request: Request,
    learner: Learner,
    standing: Stands,
    caller: Reader,
    course: Annotated[str | None, Query(pattern=ID_PATTERN, description="Of this alone.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """What happened to a learner, the newest first; the header Link leads on."""
    await check_reads(standing, caller, learner)
    before, view = position_of(cursor), EventsLogView(standing.log.pool)
    found = await view.entries(caller.school, learner, course, limit + 1, before=before)
    if not found and cursor is None:
        await _check_known(standing, caller.school, learner)
    page, link = paged(request, found, limit, lambda it: str(it.position))
    return answered(LoggedEvents(events=tuple(map(_logged, page))), request, link)


def _logged(entry: Entry) -> LoggedEvent:
    fields = entry._asdict()
    if entry.activities is not None:
        fields["activities"] = tuple(entry.activities)
    return LoggedEvent(**fields)


async def _check_known(standing: Standing, school: str, learner: str) -> None:
    if learner not in await people(standing.log.pool, school, [learner]):
        raise Problem(
            404,
            "unknown_learner",
            "The school has no such learner; check the id, or wait until the directory has them.",
        )
