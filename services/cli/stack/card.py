"""A learner's card, asked of an API page by page."""

from collections.abc import Sequence
from datetime import UTC, datetime

from contracts.api.learners import CARD_ATTEMPTS, LearnerAttempt
from contracts.api.learners import CourseCard as Told
from contracts.client import ProblemError
from services.cli.show.asked import Asked
from services.cli.stack import cards
from services.cli.stack.session import NOT_FOUND, PAGE, Session, can_be_ids, first
from services.views.cards.card import Card, CourseCard
from services.views.cards.folding import Past
from services.views.programs import LearnerProgramLine


async def card_of(session: Session, asked: Asked) -> Card:
    """The card, with its history and the names of whom that names.

    Raises:
        ForeignSchoolError: the token is of another school.
    """
    await session.check(asked.school)
    now = datetime.now(UTC)
    at = now if asked.when is None else asked.when.at
    asked = asked._replace(when=_come(asked.when, now))
    found, programs = await _courses(session, asked)
    courses = [await _course(session, asked, it, at) for it in found]
    actors = {entry.actor for it in courses for entry in it.history if entry.actor}
    known = await session.found(sorted(actors | {asked.learner}))
    people = {it.user: cards.person(it.user, it) for it in known}
    return Card(asked.school, asked.learner, at, courses, people, programs)


def _come(when: Past | None, now: datetime) -> Past | None:
    """What lies ahead is not known yet: the end of this day is asked for as this moment."""
    return None if when is None else when._replace(at=min(when.at, now))


async def _courses(
    session: Session, asked: Asked
) -> tuple[Sequence[Told], Sequence[LearnerProgramLine] | None]:
    """Nothing of a learner of whom nothing is known."""
    client, (at, by) = session.client, asked.when or (None, None)
    if not can_be_ids(asked.learner, asked.course):
        return [], None
    try:
        if asked.course is not None:
            one = client.course_of_learner(asked.learner, asked.course, at=at, by=by)
            return [await one], None
        pages = [it async for it in client.get_learner(asked.learner, at=at, by=by)]
    except ProblemError as error:
        if error.status == NOT_FOUND:
            return [], None
        raise
    programs = pages[0].programs
    told = None if programs is None else list(map(cards.program, programs))
    return [course for page in pages for course in page.courses], told


async def _course(session: Session, asked: Asked, card: Told, at: datetime) -> CourseCard:
    client, (then, by) = session.client, asked.when or (None, None)
    attempts: Sequence[LearnerAttempt] = card.attempts
    if len(attempts) >= CARD_ATTEMPTS:
        found = client.attempts_of_learner(asked.learner, card.course, at=then, by=by)
        attempts = [it async for it in found][::-1]
    limit = max(1, min(asked.history, PAGE))
    events = client.events_of_learner(
        asked.learner, course=card.course, at=then, by=by, limit=limit
    )
    history = await first(events, asked.history)
    return cards.course_card((asked.school, asked.learner), card, attempts, history, at)
