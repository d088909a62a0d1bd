"""The card for programs."""

from typing import Any

from contracts.envelope import timestamp
from services.views.cards.card import ActivityCard, Card, CourseCard


def as_json(card: Card) -> dict[str, Any]:
    """The whole card; instants in ISO 8601, times in seconds."""
    person = card.people.get(card.learner)
    return {
        "school": card.school,
        "learner": card.learner,
        "at": timestamp(card.at),
        "person": None if person is None else person._asdict(),
        "courses": [_course(it) for it in card.courses],
        "programs": None if card.programs is None else [it._asdict() for it in card.programs],
    }


def _course(card: CourseCard) -> dict[str, Any]:
    return {
        **card.line._asdict(),
        "title": None if card.course is None else card.course.structure.title,
        "activities": [_activity(it) for it in card.activities],
        "attempts": [it._asdict() for it in card.attempts],
        "due": None if card.due is None else card.due._asdict(),
        "history": [it._asdict() | {"position": str(it.position)} for it in card.history],
    }


def _activity(it: ActivityCard) -> dict[str, Any]:
    about = it.about
    return {
        "activity": it.activity,
        "title": None if about is None else about.title,
        "type": None if about is None else about.type,
        "required": None if about is None else about.required,
        "in_course": about is not None,
        "locked": it.locked,
        "recorded": None if it.line is None else it.line._asdict(),
    }
