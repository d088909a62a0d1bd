"""Progress of a whole school, row by row, to be kept elsewhere."""

import re
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.progress import LARGEST, Activities, ActivityRow, Progress, ProgressRow
from contracts.fields import ID_PATTERN
from services.api.documenting import UNCHANGED, problems
from services.api.reads.fresh import fresh
from services.api.reads.reports import OfCourse
from services.api.standing import Stands
from services.api.web.answers import answered
from services.api.web.pages import linked, paged
from services.api.web.routes import Bounded
from services.api.who.caller import Reader, check_reads
from services.http.paging import wrong_cursor
from services.views.lines import ActivityLine, CourseLine
from services.views.progress import ProgressView

router = APIRouter(route_class=Bounded, tags=["progress"])

Rows = Annotated[int, Query(ge=1, le=LARGEST, description="Rows of a page.")]
Cursor = Annotated[
    str | None, Query(max_length=400, description="Where a page begins: as Link had it.")
]
_SEPARATOR = "/"
"""No id has it."""


@router.get(
    "/v1/progress",
    operation_id="progress",
    response_model=Progress,
    responses=UNCHANGED | problems(400),
    dependencies=[fresh("progress")],
)
async def progress(
    request: Request,
    standing: Stands,
    caller: Reader,
    course: OfCourse = None,
    limit: Rows = 200,
    cursor: Cursor = None,
) -> Response:
    """Every learner in every course, by course and learner; the header Link leads on.

    Pages are read one after the other: a row that changes meanwhile is told as it is by then.
    """
    await check_reads(standing, caller)
    view, after = ProgressView(standing.log.pool), _ids(cursor, 2, course)
    found = await view.courses_page(caller.school, course, after, limit + 1)
    page, link = paged(request, found, limit, lambda it: _cursor(it.course, it.learner))
    return answered(Progress(progress=tuple(map(_progress, page))), request, link)


@router.get(
    "/v1/activities",
    operation_id="activities",
    response_model=Activities,
    responses=UNCHANGED | problems(400),
    dependencies=[fresh("progress")],
)
async def activities(
    request: Request,
    standing: Stands,
    caller: Reader,
    course: OfCourse = None,
    limit: Rows = 200,
    cursor: Cursor = None,
) -> Response:
    """Every activity with anything recorded, by course, learner and activity; Link leads on.

    A page looks at so many learners in courses: where they have done little, it has fewer rows than
    its limit, or none, and Link leads on all the same.
    """
    await check_reads(standing, caller)
    view, after = ProgressView(standing.log.pool), _ids(cursor, 3, course)
    found = await view.activities_page(caller.school, course, after, limit)
    link = linked(request, None if found.next is None else _cursor(*found.next))
    return answered(Activities(activities=tuple(map(_activity, found.lines))), request, link)


def _progress(line: CourseLine) -> ProgressRow:
    return ProgressRow(**line._asdict())


def _activity(line: ActivityLine) -> ActivityRow:
    return ActivityRow(**line._asdict(), completed=line.provenance is not None)


def _cursor(*ids: str) -> str:
    return _SEPARATOR.join(ids)


def _ids(cursor: str | None, number: int, course: str | None) -> tuple[str, ...]:
    """The ids that a page goes on after; without a cursor before all of them, or of the course.

    The last of three may be empty: before all of a record.

    Raises:
        Problem: 400.
    """
    if cursor is None:
        return (course or "", *("",) * (number - 1))
    ids = tuple(cursor.split(_SEPARATOR))
    given = ids[:2] if ids[2:] == ("",) else ids
    if len(ids) != number or not all(re.fullmatch(ID_PATTERN, it) for it in given):
        raise wrong_cursor()
    if course not in {None, ids[0]}:
        raise wrong_cursor()
    return ids
