"""The catalogue: courses with their structures, and learning programmes with who is in them."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.catalog import (
    CourseListed,
    Courses,
    CourseShown,
    ProgramLearner,
    ProgramLearners,
    ProgramListed,
    Programs,
    ProgramShown,
)
from contracts.fields import ID_PATTERN
from contracts.topics import course_stream
from services.api.documenting import UNCHANGED, problems
from services.api.reads.fresh import fresh
from services.api.reads.known import Course, Program
from services.api.standing import Stands
from services.api.web.answers import answered
from services.api.web.pages import paged
from services.api.web.routes import Bounded
from services.api.who.caller import Reader, check_reads
from services.domain import course as domain
from services.http.problems import Problem
from services.store.courses import courses_of_school
from services.store.people import people
from services.views.programs import ProgramsView

router = APIRouter(route_class=Bounded, tags=["catalogue"])

Limit = Annotated[int, Query(ge=1, le=100, description="Entries of a page.")]
Cursor = Annotated[
    str | None, Query(pattern=ID_PATTERN, description="Where a page begins: as Link had it.")
]


@router.get(
    "/v1/courses",
    operation_id="courses",
    response_model=Courses,
    responses=UNCHANGED | problems(400),
)
async def courses(
    request: Request, standing: Stands, caller: Reader, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """The school's courses as they are published, in order of their ids; the header Link leads on.

    From the log itself: there is no view that could be behind.
    """
    await check_reads(standing, caller)
    school, cache = caller.school, standing.courses
    ids = await courses_of_school(standing.log.pool, school, cursor or "", limit + 1)
    page, link = paged(request, ids, limit, lambda it: it)
    await cache.refresh(course_stream(school, it) for it in page)
    found = [it for it in (cache.get(school, id_) for id_ in page) if it is not None]
    return answered(Courses(courses=tuple(map(_listed, found))), request, link)


@router.get(
    "/v1/courses/{course}",
    operation_id="get_course",
    response_model=CourseShown,
    responses=UNCHANGED | problems(400, 404),
)
async def course(request: Request, course: Course, standing: Stands, caller: Reader) -> Response:
    """A course's sections and activities, with their rules, as they are published."""
    await check_reads(standing, caller)
    await standing.courses.refresh([course_stream(caller.school, course)])
    found = standing.courses.get(caller.school, course)
    if found is None:
        raise Problem(
            404,
            "unknown_course",
            "The school has no such course; check the id, or wait until it is published.",
        )
    structure = found.structure
    told = CourseShown(
        course=structure.course,
        title=structure.title,
        version=structure.version,
        access=structure.access,
        sections=structure.sections,
        published_at=found.published_at,
    )
    return answered(told, request)


@router.get(
    "/v1/programs",
    operation_id="programs",
    response_model=Programs,
    responses=UNCHANGED | problems(400),
    dependencies=[fresh("programs")],
)
async def programs(
    request: Request, standing: Stands, caller: Reader, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """The school's learning programmes, in order of their ids; the header Link leads on."""
    await check_reads(standing, caller)
    view = ProgramsView(standing.log.pool)
    found = await view.of_school(caller.school, after=cursor or "", limit=limit + 1)
    page, link = paged(request, found, limit, lambda it: it.program)
    told = Programs(programs=tuple(ProgramListed(**it._asdict()) for it in page))
    return answered(told, request, link)


@router.get(
    "/v1/programs/{program}",
    operation_id="get_program",
    response_model=ProgramShown,
    responses=UNCHANGED | problems(400, 404),
    dependencies=[fresh("programs")],
)
async def program(request: Request, program: Program, standing: Stands, caller: Reader) -> Response:
    """A learning programme with its courses."""
    await check_reads(standing, caller)
    found = await ProgramsView(standing.log.pool).one(caller.school, program)
    if found is None:
        raise _unknown_program()
    lists = {"courses": tuple(found.courses), "required": tuple(found.required)}
    return answered(ProgramShown(**found._asdict() | lists), request)


@router.get(
    "/v1/programs/{program}/learners",
    operation_id="learners_of_program",
    response_model=ProgramLearners,
    responses=UNCHANGED | problems(400, 404),
    dependencies=[fresh("programs", "progress")],
)
async def learners(
    request: Request,
    program: Program,
    standing: Stands,
    caller: Reader,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Who has completed a learning programme, or has begun a course of it (B12).

    In order of their ids; the header Link leads on.
    """
    await check_reads(standing, caller)
    view, school = ProgramsView(standing.log.pool), caller.school
    found = await view.learners(school, program, after=cursor or "", limit=limit + 1)
    if not found and await view.one(school, program) is None:
        raise _unknown_program()
    page, link = paged(request, found, limit, lambda it: it.learner)
    known = await people(standing.log.pool, school, {it.learner for it in page})
    told = tuple(
        ProgramLearner(**it._asdict(), name=known[it.learner].name if it.learner in known else None)
        for it in page
    )
    return answered(ProgramLearners(learners=told), request, link)


def _listed(it: domain.Course) -> CourseListed:
    structure = it.structure
    return CourseListed(
        course=structure.course,
        title=structure.title,
        version=structure.version,
        access=structure.access,
        sections=len(structure.sections),
        activities=len(it.activities),
        required=len(it.required),
        published_at=it.published_at,
    )


def _unknown_program() -> Problem:
    return Problem(
        404,
        "unknown_program",
        "The school has no such learning programme; check the id, or wait until it is published.",
    )
