"""A user's progress in a course, and page by page in all courses that they are enrolled in."""

import math
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.compatible import (
    Meta,
    SectionProgress,
    UnitProgress,
    UserProgress,
    UserProgressPage,
)
from contracts.topics import course_stream
from services.api.compatible.asking import CourseName, Reader, User, course_of, user_of
from services.api.compatible.errors import BASE, errors
from services.api.documenting import UNCHANGED
from services.api.reads.known import no_record
from services.api.standing import Standing, Stands
from services.api.web.answers import answered
from services.api.web.routes import Bounded
from services.api.who.caller import check_reads
from services.http.problems import Problem
from services.views.cards.card import ActivityCard, CourseCard
from services.views.cards.present import CardView
from services.views.lines import CourseLine
from services.views.progress import ProgressView

ACTIVITIES = 20_000
"""That the courses of one page have together."""
Page = Annotated[int, Query(ge=1, le=1_000_000, description="From 1.")]
PerPage = Annotated[int, Query(ge=1, le=200, description="Courses of a page.")]

router = APIRouter(route_class=Bounded, tags=["compatible"])


@router.get(
    f"{BASE}/users/{{user:path}}/courses/{{course}}/progress",
    operation_id="compatible_progress_of_course",
    response_model=UserProgress,
    responses=UNCHANGED | errors(),
)
async def progress_of_course(
    request: Request, user: User, course: CourseName, standing: Stands, caller: Reader
) -> Response:
    """A user's progress in a course, activity by activity.

    404 too where nothing was ever recorded of the user in the course.
    """
    learner = await user_of(request, standing, caller, user, check_reads)
    view, now = CardView(standing.log.pool, standing.courses), standing.clock()
    card = await view.course(caller.school, learner, course_of(course), now, attempts=0)
    if card is None:
        raise no_record()
    return answered(progress_of(card), request)


@router.get(
    f"{BASE}/users/{{user:path}}/progress",
    operation_id="compatible_progress",
    response_model=UserProgressPage,
    responses=UNCHANGED | errors(),
)
async def progress(
    request: Request,
    user: User,
    standing: Stands,
    caller: Reader,
    page: Page = 1,
    items_per_page: PerPage = 20,
) -> Response:
    """A user's progress in the courses that they are enrolled in; behind the last page, none."""
    learner = await user_of(request, standing, caller, user, check_reads)
    lines = await ProgressView(standing.log.pool).course_rows(caller.school, learner)
    enrolled = [it for it in lines if it.enrolled]
    some = enrolled[(page - 1) * items_per_page : page * items_per_page]
    await _check_size(standing, some)
    view = CardView(standing.log.pool, standing.courses)
    cards = await view.of(some, standing.clock(), attempts=0)
    meta = Meta(
        page=page,
        total_items=len(enrolled),
        total_pages=math.ceil(len(enrolled) / items_per_page),
        items_per_page=items_per_page,
    )
    return answered(UserProgressPage(data=tuple(map(progress_of, cards)), meta=meta), request)


async def _check_size(standing: Standing, lines: Sequence[CourseLine]) -> None:
    await standing.courses.refresh(course_stream(it.school, it.course) for it in lines)
    found = (standing.courses.get(it.school, it.course) for it in lines)
    activities = sum(len(course.activities) for course in found if course is not None)
    if activities > ACTIVITIES and len(lines) > 1:
        raise Problem(
            422,
            "too_much_to_read",
            f"The courses of this page have {activities:,} activities, and one answer has "
            f"{ACTIVITIES:,} at the most; ask for fewer by items_per_page.",
        )


def progress_of(card: CourseCard) -> UserProgress:
    """The same in LearnWorlds' words; of the activities those that the course has now."""
    line, there = card.line, [it for it in card.activities if it.about is not None]
    return UserProgress(
        course_id=line.course,
        status=line.status,
        progress_rate=line.progress_rate,
        average_score_rate=line.average_score or 0,
        time_on_course=line.time_spent,
        total_units=len(there),
        completed_units=sum(1 for it in there if _complete(it)),
        completed_at=_seconds(line.completed_at),
        progress_per_section_unit=tuple(
            SectionProgress(section_id=section, units=tuple(map(_unit, units)))
            for section, units in groupby(there, _section)
        ),
    )


def _unit(it: ActivityCard) -> UnitProgress:
    score, complete = it.line and it.line.score, _complete(it)
    about, section = it.about, it.section
    return UnitProgress(
        unit_section_name=(section and section.title) or _section(it),
        unit_id=it.activity,
        unit_name=(about and about.title) or it.activity,
        unit_type=about.type if about else "",
        unit_status="completed" if complete else "not_completed",
        unit_duration=None,
        time_on_unit=it.line.time_spent if it.line else 0,
        score_on_unit=None if score is None else math.floor(score + 0.5),
        unit_progress_rate=100 if complete else 0,
    )


def _section(it: ActivityCard) -> str:
    return it.section.section if it.section else ""


def _complete(it: ActivityCard) -> bool:
    return it.line is not None and it.line.provenance is not None


def _seconds(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())
