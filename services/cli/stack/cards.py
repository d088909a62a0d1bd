"""A card as the API tells it, as the card that the command prints."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from contracts.api import learners as told
from contracts.catalog import Activity, CourseStructure, Section
from services.cli.stack.lines import line
from services.domain.course import Course
from services.store.people import Person
from services.store.records import Position
from services.views.cards.card import ActivityCard, CourseCard, DueCard
from services.views.events_log import Entry
from services.views.lines import ActivityLine, AttemptLine, CourseLine
from services.views.programs import LearnerProgramLine

_ANYTHING = ("visited", "joined", "claimed", "submitted", "time_spent")
Whose = tuple[str, str]
"""School and learner."""


def course_card(
    whose: Whose,
    card: told.CourseCard,
    attempts: Sequence[told.LearnerAttempt],
    history: Iterable[told.LoggedEvent],
    at: datetime,
) -> CourseCard:
    """A course; ``attempts``: all earlier ones, the first one first."""
    of = _of(whose, card.course)
    structure = _structure(of, card)
    return CourseCard(
        line=line(CourseLine, card, of),
        course=None if structure is None else Course(structure, at),
        activities=_activities(of, card, structure),
        attempts=[line(AttemptLine, it, of) for it in attempts],
        history=[entry(whose, it) for it in history],
        due=None if card.due is None else _due(card.due),
    )


def program(it: told.LearnerProgram) -> LearnerProgramLine:
    """A learning programme."""
    return line(LearnerProgramLine, it, {})


def person(user: str, of: told.Person) -> Person:
    """A user of the directory."""
    return line(Person, of, {"user": user, "tags": list(of.tags)})


def entry(whose: Whose, event: told.LoggedEvent) -> Entry:
    """An entry of the events log."""
    activities = None if event.activities is None else list(event.activities)
    position = Position.parse(event.position)
    return line(
        Entry, event, _of(whose, event.course) | {"position": position, "activities": activities}
    )


def _of(whose: Whose, course: str) -> dict[str, Any]:
    return {"school": whose[0], "learner": whose[1], "course": course}


def _structure(of: Mapping[str, Any], card: told.CourseCard) -> CourseStructure | None:
    """As much of it as a card shows; none where none is published."""
    if not card.sections:
        return None
    sections = tuple(
        Section(
            section=section.section,
            title=section.title,
            activities=tuple(
                Activity(
                    activity=it.activity,
                    title=it.title,
                    type=it.type or "",
                    required=bool(it.required),
                )
                for it in card.activities
                if it.in_course and it.section == section.section
            ),
        )
        for section in card.sections
    )
    return CourseStructure(
        school=of["school"],
        course=of["course"],
        version=max(1, card.structure_version),
        title=card.title,
        access=card.access or "free",
        sections=sections,
    )


def _activities(
    of: Mapping[str, Any], card: told.CourseCard, structure: CourseStructure | None
) -> list[ActivityCard]:
    sections = () if structure is None else structure.sections
    in_section = {about.activity: it for it in sections for about in it.activities}
    abouts = {about.activity: about for it in sections for about in it.activities}
    return [
        ActivityCard(
            activity=it.activity,
            section=in_section.get(it.activity),
            about=abouts.get(it.activity),
            line=_recorded(of, it),
            locked=it.locked,
        )
        for it in card.activities
    ]


def _recorded(of: Mapping[str, Any], it: told.LearnerActivity) -> ActivityLine | None:
    """None where nothing was ever recorded of it."""
    some = it.score is not None or it.provenance is not None
    recorded = some or any(getattr(it, name) for name in _ANYTHING)
    if not recorded and not it.time_spent_ever:
        return None
    return line(ActivityLine, it, {**of, "recorded": recorded})


def _due(it: told.Renewal) -> DueCard:
    return DueCard(it.due_at, it.schedule, it.overdue)
