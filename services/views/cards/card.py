"""What a card says, wherever it was read from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from contracts.catalog import Activity, Section
from services.domain.access import locked
from services.domain.course import Course
from services.domain.state import ActivityState, Completion, Progress
from services.store.people import Person
from services.views.events_log import Entry
from services.views.lines import ActivityLine, AttemptLine, CourseLine
from services.views.programs import LearnerProgramLine


class ActivityCard(NamedTuple):
    """An activity of the structure, or one that it no longer has: then ``about`` is none."""

    activity: str
    section: Section | None
    about: Activity | None
    line: ActivityLine | None
    locked: bool


class DueCard(NamedTuple):
    """When the completion has to be renewed, by which schedule, and whether that time has come."""

    at: datetime
    schedule: str
    overdue: bool

    @property
    def word(self) -> str:
        """For a person."""
        return "overdue since" if self.overdue else "due"


class CourseCard(NamedTuple):
    """A course of the learner; ``history`` has the newest entry first.

    ``due``: none where no schedule asks for a renewal, and on a card of the past.
    """

    line: CourseLine
    course: Course | None
    activities: Sequence[ActivityCard]
    attempts: Sequence[AttemptLine]
    history: Sequence[Entry]
    due: DueCard | None = None


class Card(NamedTuple):
    """A learner; ``people`` are all that the card names, by id.

    ``programs``: learning programmes, none on a card of one course or of the past.
    """

    school: str
    learner: str
    at: datetime
    courses: Sequence[CourseCard]
    people: Mapping[str, Person]
    programs: Sequence[LearnerProgramLine] | None = None


def activity_cards(
    line: CourseLine, lines: Sequence[ActivityLine], course: Course | None, at: datetime
) -> list[ActivityCard]:
    """The activities in the order of the course, then those that it no longer has."""
    by_id = {it.activity: it for it in lines}
    cards: list[ActivityCard] = []
    if course is not None:
        shut = set(locked(course, _state(line, lines), at))
        for id_, about in course.activities.items():
            section = course.section_of[id_]
            cards.append(ActivityCard(id_, section, about, by_id.pop(id_, None), id_ in shut))
    return cards + [ActivityCard(id_, None, None, it, locked=False) for id_, it in by_id.items()]


def _state(line: CourseLine, lines: Sequence[ActivityLine]) -> Progress:
    """As much of the rules' state as access rules look at."""
    return Progress(
        enrolled=line.enrolled,
        enrolled_at=line.enrolled_at,
        attempt=line.attempt,
        activities={
            it.activity: ActivityState(completion=Completion(it.provenance, it.completed_at))
            for it in lines
            if it.provenance is not None and it.completed_at is not None
        },
    )
