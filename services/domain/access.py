"""Which activity is locked at a moment.

``free`` locks nothing; ``sequential`` opens an activity when all before it are complete;
``prerequisites`` when those it names are; ``drip_feed`` opens a section N days after the
learner's first enrolment, or at an instant (both, where both are set). What an administrator
marked counts as complete for the activities after it and stays locked itself (M10).
"""

from datetime import datetime, timedelta
from typing import assert_never

from contracts.catalog import Section
from services.domain.course import Course
from services.domain.state import Progress


def is_locked(course: Course, state: Progress, activity: str, at: datetime) -> bool:
    """True where the course player keeps the activity shut at that moment.

    Raises:
        KeyError: the course has no such activity.
    """
    match course.structure.access:
        case "free":
            return False
        case "sequential":
            return not all(map(state.is_complete, course.before(activity)))
        case "prerequisites":
            return not all(map(state.is_complete, course.activities[activity].prerequisites))
        case "drip_feed":
            return _is_early(course.section_of[activity], state.enrolled_at, at)
        case _ as never:
            assert_never(never)


def locked(course: Course, state: Progress, at: datetime) -> list[str]:
    """The ids of all activities that are locked at that moment, in order."""
    return [activity for activity in course.activities if is_locked(course, state, activity, at)]


def _is_early(section: Section, enrolled_at: datetime | None, at: datetime) -> bool:
    if section.opens_at is not None and at < section.opens_at:
        return True
    if section.opens_after_days is None:
        return False
    return enrolled_at is None or at < enrolled_at + timedelta(days=section.opens_after_days)
