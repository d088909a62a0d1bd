"""A learner's courses: as lines, or one with its activities and attempts; now or in the past."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.learners import (
    CARD_ATTEMPTS,
    AttemptActivity,
    AttemptCard,
    CourseAt,
    LearnerAttempts,
    LearnerCourses,
)
from contracts.fields import ID_PATTERN
from services.api.documenting import UNCHANGED, problems
from services.api.reads import showing
from services.api.reads.at import At, By, When, past, too_much
from services.api.reads.fresh import fresh
from services.api.reads.known import Course, Learner, check_known, no_record
from services.api.standing import Standing, Stands
from services.api.web.answers import answered
from services.api.web.pages import Limit, linked, paged
from services.api.web.routes import Bounded
from services.api.who.caller import Reader, check_reads
from services.http.problems import Problem
from services.views.cards.card import CourseCard
from services.views.cards.folding import Past
from services.views.cards.past import TooMuchError, past_course, past_page
from services.views.cards.present import CardPage, CardView
from services.views.progress import ProgressView

router = APIRouter(route_class=Bounded, tags=["learners"])

CardLimit = Annotated[int, Query(ge=1, le=50, description="Courses of a page.")]
CardCursor = Annotated[
    str | None,
    Query(pattern=ID_PATTERN, description="Where a page begins: as Link had it."),
]
Attempt = Annotated[int, Path(ge=1, le=2**31 - 1, description="Which, from 1.")]
Before = Annotated[
    int | None, Query(ge=1, le=2**31 - 1, description="Where a page begins: as Link had it.")
]


@router.get(
    "/v1/learners/{learner}/courses",
    operation_id="courses_of_learner",
    response_model=LearnerCourses,
    responses=UNCHANGED | problems(400, 404),
    dependencies=[fresh("progress")],
)
async def courses(
    request: Request,
    learner: Learner,
    standing: Stands,
    caller: Reader,
    at: At = None,
    by: By = "recorded",
    limit: CardLimit = 50,
    cursor: CardCursor = None,
) -> Response:
    """A learner's courses: status, progress, scores, time, and how each was completed.

    The header Link leads on.
    """
    await check_reads(standing, caller, learner)
    when, after, school = past(standing, at, by), cursor or "", caller.school
    if when is None:
        view = ProgressView(standing.log.pool)
        found = await view.course_rows(school, learner, after=after, limit=limit + 1)
        lines, link = paged(request, found, limit, lambda it: it.course)
    else:
        cards, more = await card_page(standing, school, learner, when, after, limit)
        lines, link = [it.line for it in cards], linked(request, more)
    if not (lines or cursor):
        await check_known(standing, school, learner)
    return answered(LearnerCourses(at=at, courses=tuple(map(showing.course, lines))), request, link)


@router.get(
    "/v1/learners/{learner}/courses/{course}",
    operation_id="course_of_learner",
    response_model=CourseAt,
    responses=UNCHANGED | problems(400, 404),
    dependencies=[fresh("progress")],
)
async def course(
    request: Request,
    learner: Learner,
    course: Course,
    standing: Stands,
    caller: Reader,
    at: At = None,
    by: By = "recorded",
) -> Response:
    """A learner in a course: each activity with its score, time, label and lock."""
    await check_reads(standing, caller, learner)
    when, of = past(standing, at, by), (caller.school, learner, course)
    if when is None:
        view = CardView(standing.log.pool, standing.courses)
        card = await view.course(*of, standing.clock(), CARD_ATTEMPTS)
    else:
        card = await _as_it_was(standing, *of, when)
    if card is None:
        raise no_record()
    return answered(CourseAt(**dict(showing.course_card(_some(card))), at=at), request)


@router.get(
    "/v1/learners/{learner}/courses/{course}/attempts",
    operation_id="attempts_of_learner",
    response_model=LearnerAttempts,
    responses=UNCHANGED | problems(400, 404),
    dependencies=[fresh("progress")],
)
async def attempts(
    request: Request,
    learner: Learner,
    course: Course,
    standing: Stands,
    caller: Reader,
    when: When,
    limit: Limit = 50,
    cursor: Before = None,
) -> Response:
    """Earlier attempts at a course, the last one first (R4), now or then; Link leads on."""
    await check_reads(standing, caller, learner)
    of, size = (caller.school, learner, course), limit + 1
    if when is None:
        view = ProgressView(standing.log.pool)
        found = await view.attempts(*of, last=size, before=cursor)
        known = bool(found) or await view.course_row(*of) is not None
    else:
        card = await _as_it_was(standing, *of, when)
        known, earlier = card is not None, () if card is None else card.attempts
        found = [it for it in earlier if cursor is None or it.attempt < cursor][-size:]
    if not known:
        raise no_record()
    page, link = paged(request, found[::-1], limit, lambda it: str(it.attempt))
    return answered(LearnerAttempts(attempts=tuple(map(showing.attempt, page))), request, link)


@router.get(
    "/v1/learners/{learner}/courses/{course}/attempts/{attempt}",
    operation_id="attempt_of_learner",
    response_model=AttemptCard,
    responses=UNCHANGED | problems(400, 404),
    dependencies=[fresh("progress")],
)
async def attempt(
    request: Request,
    learner: Learner,
    course: Course,
    attempt: Attempt,
    standing: Stands,
    caller: Reader,
) -> Response:
    """An earlier attempt with its activities, as a reset of the course left it (R4)."""
    await check_reads(standing, caller, learner)
    view, of = ProgressView(standing.log.pool), (caller.school, learner, course)
    found = await view.attempts(*of, last=1, before=attempt + 1)
    if not found or found[0].attempt != attempt:
        raise Problem(
            404,
            "no_record",
            "There is no such earlier attempt; see the course's attempts. The one under way is "
            "at the course itself.",
        )
    activities = await view.attempt_activities(*of, attempt)
    told = AttemptCard(
        **dict(showing.attempt(found[0])),
        activities=tuple(AttemptActivity(**it._asdict()) for it in activities),
    )
    return answered(told, request)


async def card_page(
    standing: Standing, school: str, learner: str, when: Past | None, after: str, limit: int
) -> CardPage:
    """Courses after one, now or then.

    Raises:
        Problem: 400 where a course's past is too much to read.
    """
    if when is None:
        view, now = CardView(standing.log.pool, standing.courses), standing.clock()
        return await view.page(
            school, learner, now, after=after, limit=limit, attempts=CARD_ATTEMPTS
        )
    try:
        found = await past_page(standing.log.pool, school, learner, when, after=after, limit=limit)
    except TooMuchError as error:
        raise too_much(error) from None
    return found._replace(cards=[_some(it) for it in found.cards])


async def _as_it_was(
    standing: Standing, school: str, learner: str, course: str, when: Past
) -> CourseCard | None:
    try:
        return await past_course(standing.log.pool, school, learner, course, when)
    except TooMuchError as error:
        raise too_much(error) from None


def _some(card: CourseCard) -> CourseCard:
    """With no more earlier attempts than a card has."""
    return card._replace(attempts=card.attempts[-CARD_ATTEMPTS:])
