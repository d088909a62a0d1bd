"""Reads about one learner: courses as the progress view has them, and the events log."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from contracts.fields import ID_PATTERN, Instant, Percentage, Provenance, Reason, Score, Source
from contracts.model import Contract
from contracts.progress import Status
from services.api.answers import answered
from services.api.caller import Reader, check_reads
from services.api.documenting import UNCHANGED, problems
from services.api.pages import Cursor, Limit, following
from services.api.routes import Bounded
from services.api.standing import Standing, Stands
from services.http.paging import position_of
from services.http.problems import Problem
from services.store.people import people
from services.views.events_log import Entry, EventsLogView
from services.views.progress import ProgressView

router = APIRouter(route_class=Bounded, tags=["learners"])

Learner = Annotated[str, Path(pattern=ID_PATTERN, description="The learner's id.")]


class LearnerCourse(Contract):
    """Where the learner stands in a course."""

    course: str
    version: int = Field(description="Of the last event; rises with every change.")
    structure_version: int
    enrolled: bool = Field(description="False after an unenrolment; the record stays (R6).")
    enrolled_at: Instant | None = None
    attempt: int
    status: Status
    progress_rate: Percentage
    completed_required: int
    required: int
    average_score: Score | None = None
    time_spent: int = Field(description="Seconds in this attempt.")
    time_spent_ever: int = Field(description="Seconds in all attempts.")
    provenance: Provenance | None = None
    manually_completed: bool = Field(description="An administrator completed it (M6).")
    completed_at: Instant | None = None


class LearnerCourses(Contract):
    """A learner's courses, in order of their ids."""

    courses: tuple[LearnerCourse, ...]


class LoggedEvent(Contract):
    """An event: who did what, when, why; ``activities`` of none: the whole course."""

    course: str
    version: int
    type: str
    attempt: int | None = None
    activities: tuple[str, ...] | None = None
    score: float | None = None
    seconds: int | None = None
    provenance: Provenance | None = None
    manually: bool = Field(description="Labelled Manually (M6).")
    recorded_at: Instant
    effective_at: Instant
    actor: str | None = None
    reason: Reason | None = None
    note: str | None = None
    source: Source
    command_id: str
    batch_id: str | None = None
    correlation_id: str | None = None
    program: str | None = None
    due_course: str | None = None
    due_at: Instant | None = None
    schedule: str | None = None
    undone: bool = Field(description="An undo has taken it back (B7).")


class LoggedEvents(Contract):
    """A page of the events log, the newest entry first."""

    events: tuple[LoggedEvent, ...]


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
    page = found[:limit]
    more = str(page[-1].position) if len(found) > limit else None
    told = LoggedEvents(events=tuple(map(_logged, page)))
    return answered(told, request, following(request, more))


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
