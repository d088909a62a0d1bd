"""What a course consists of."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.compatible import ContentSection, CourseContent, Drip, LearningUnit
from contracts.catalog import Activity, CourseStructure, Section
from contracts.topics import course_stream
from services.api.compatible.asking import CourseName, Reader, course_of, unknown_course
from services.api.compatible.errors import BASE, errors
from services.api.documenting import UNCHANGED
from services.api.standing import Stands
from services.api.web.answers import answered
from services.api.web.routes import Bounded
from services.api.who.caller import check_reads

router = APIRouter(route_class=Bounded, tags=["compatible"])


@router.get(
    f"{BASE}/courses/{{course}}/contents",
    operation_id="compatible_contents",
    response_model=CourseContent,
    responses=UNCHANGED | errors(),
)
async def contents(
    request: Request, course: CourseName, standing: Stands, caller: Reader
) -> Response:
    """A course's sections and activities, as they are published now."""
    await check_reads(standing, caller)
    id_ = course_of(course)
    await standing.courses.refresh([course_stream(caller.school, id_)])
    found = standing.courses.get(caller.school, id_)
    if found is None:
        raise unknown_course()
    return answered(contents_of(found.structure), request)


def contents_of(structure: CourseStructure) -> CourseContent:
    """The same in LearnWorlds' words; what has no title bears its id."""
    drips = structure.access == "drip_feed"
    return CourseContent(
        id=structure.course,
        title=structure.title or structure.course,
        sections=tuple(
            ContentSection(
                id=it.section,
                title=it.title or it.section,
                drip=_drip(it) if drips else None,
                learning_units=tuple(map(_unit, it.activities)),
            )
            for it in structure.sections
        ),
    )


def _drip(section: Section) -> Drip | None:
    """When it opens; of two conditions, which both have to hold, the kind is the date's."""
    days, at = section.opens_after_days, section.opens_at
    if days is None and at is None:
        return None
    return Drip(
        type="days" if at is None else "date",
        days=days,
        date=None if at is None else int(at.timestamp()),
    )


def _unit(it: Activity) -> LearningUnit:
    return LearningUnit(type=it.type, id=it.activity, icon=it.type, title=it.title or it.activity)
