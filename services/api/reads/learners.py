"""A learner's card: who they are, and a page of their courses with all that stands in them."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.learners import LearnerCard, LearnerPrograms
from services.api.documenting import UNCHANGED, problems
from services.api.reads import showing
from services.api.reads.at import At, By, past
from services.api.reads.fresh import fresh
from services.api.reads.known import Learner, check_known, unknown_learner
from services.api.reads.of_courses import CardCursor, CardLimit, card_page
from services.api.standing import Stands
from services.api.web.answers import answered
from services.api.web.pages import linked
from services.api.web.routes import Bounded
from services.api.who.caller import Reader, check_reads
from services.store.people import people
from services.views.programs import ProgramsView

router = APIRouter(route_class=Bounded, tags=["learners"])


@router.get(
    "/v1/learners/{learner}",
    operation_id="get_learner",
    response_model=LearnerCard,
    responses=UNCHANGED | problems(400, 404),
    dependencies=[fresh("progress", "programs")],
)
async def learner_card(
    request: Request,
    learner: Learner,
    standing: Stands,
    caller: Reader,
    at: At = None,
    by: By = "recorded",
    limit: CardLimit = 20,
    cursor: CardCursor = None,
) -> Response:
    """A learner's card: their courses with activities, locks, labels, attempts and due dates.

    Courses come page by page; the header Link leads on.
    """
    await check_reads(standing, caller, learner)
    when, pool = past(standing, at, by), standing.log.pool
    cards, more = await card_page(standing, caller.school, learner, when, cursor or "", limit)
    of_directory = (await people(pool, caller.school, [learner])).get(learner)
    programs = [] if when else await ProgramsView(pool).of_learner(caller.school, learner)
    if not (cards or programs or of_directory or cursor):
        raise unknown_learner()
    told = LearnerCard(
        learner=learner,
        at=at,
        person=showing.person(of_directory),
        courses=tuple(map(showing.course_card, cards)),
        programs=None if when else tuple(map(showing.program, programs)),
    )
    return answered(told, request, linked(request, more))


@router.get(
    "/v1/learners/{learner}/programs",
    operation_id="programs_of_learner",
    response_model=LearnerPrograms,
    responses=UNCHANGED | problems(400, 404),
    dependencies=[fresh("progress", "programs")],
)
async def programs(
    request: Request, learner: Learner, standing: Stands, caller: Reader
) -> Response:
    """The learning programmes that a learner has begun or completed (B12)."""
    await check_reads(standing, caller, learner)
    lines = await ProgramsView(standing.log.pool).of_learner(caller.school, learner)
    if not lines:
        await check_known(standing, caller.school, learner)
    return answered(LearnerPrograms(programs=tuple(map(showing.program, lines))), request)
