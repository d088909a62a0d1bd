"""A made-up school for specs: its course structures, its commands, and what stands around them.

One learner, u-1204, in one course, biology-1, of the school riverside; u-7 is its administrator.
Day 0 is 1 May 2024; a command is recorded on day 30 unless a spec says otherwise.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.catalog import Access, Activity, CompletionRules, CourseStructure, Section
from contracts.commands import (
    Claim,
    EnrollLearner,
    EvaluateCourse,
    ImportCompletion,
    Join,
    MarkComplete,
    RecordActivity,
    ResetProgress,
    Submission,
    TimeSpent,
    UndoCommand,
    UnenrollLearner,
    Visit,
)
from services.domain.course import Course
from services.domain.decision import Context

SCHOOL, LEARNER, COURSE, ADMINISTRATOR = "riverside", "u-1204", "biology-1", "u-7"
WHOSE: dict[str, Any] = {"school": SCHOOL, "learner": LEARNER, "course": COURSE}


def day(number: float) -> datetime:
    return datetime(2024, 5, 1, tzinfo=UTC) + timedelta(days=number)


def activity(
    id_: str,
    type_: str = "video",
    *,
    required: bool = True,
    after: tuple[str, ...] = (),
    **rules: Any,
) -> Activity:
    """An activity that a visit completes, unless rules are given; `after` are prerequisites."""
    return Activity(
        activity=id_,
        type=type_,
        required=required,
        prerequisites=after,
        rules=CompletionRules(**(rules or {"visited": True})),
    )


def unruled(id_: str, type_: str = "video") -> Activity:
    """An activity that nothing but an administrator completes."""
    return Activity(activity=id_, type=type_)


def section(*activities: Activity, days: int | None = None, on: datetime | None = None) -> Section:
    """A section, with the two dates of drip-feed."""
    return Section(
        section=f"section-{activities[0].activity}",
        activities=activities,
        opens_after_days=days,
        opens_at=on,
    )


def course(
    *activities: Activity, access: Access = "free", version: int = 1, published: float = 0
) -> Course:
    """A course of one section."""
    return sections(section(*activities), access=access, version=version, published=published)


def sections(
    *parts: Section, access: Access = "free", version: int = 1, published: float = 0
) -> Course:
    """A course of several sections."""
    structure = CourseStructure(
        school=SCHOOL, course=COURSE, version=version, access=access, sections=parts
    )
    return Course(structure, day(published))


def within(known: Course | None, **facts: Any) -> Context:
    """The context of a command `c-1`, recorded on day 30, that nothing in it forbids."""
    usual: dict[str, Any] = {
        "command_id": "c-1",
        "recorded_at": day(30),
        "plan": "starter",
        "actor_level": "admin",
        "learner_known": True,
    }
    return Context(course=known, **usual | facts)


def enroll(**fields: Any) -> EnrollLearner:
    return EnrollLearner(**WHOSE | fields)


def unenroll(**fields: Any) -> UnenrollLearner:
    return UnenrollLearner(**WHOSE | fields)


def evaluate(**fields: Any) -> EvaluateCourse:
    return EvaluateCourse(**WHOSE | {"structure_version": 2} | fields)


def mark(*activities: str, email: bool = False, **fields: Any) -> MarkComplete:
    """Mark the activities, or the whole course where none is named."""
    return MarkComplete(
        **WHOSE | {"actor": ADMINISTRATOR} | fields,
        activities=activities or "whole_course",
        send_completion_email=email,
    )


def import_(id_: str | None = None, *, email: bool = False, **fields: Any) -> ImportCompletion:
    """Import the activity, or the whole course where none is named."""
    return ImportCompletion(
        **WHOSE | {"actor": ADMINISTRATOR} | fields,
        activity=id_,
        whole_course=id_ is None,
        send_completion_email=email,
    )


def reset(*activities: str, **fields: Any) -> ResetProgress:
    """Reset the activities, or the whole course where none is named."""
    return ResetProgress(
        **WHOSE | {"actor": ADMINISTRATOR} | fields, activities=activities or "whole_course"
    )


def undo(id_: str, **fields: Any) -> UndoCommand:
    return UndoCommand(**WHOSE | {"actor": ADMINISTRATOR} | fields, undoes=id_)


def visit(id_: str, **fields: Any) -> RecordActivity:
    return RecordActivity(**WHOSE | fields, activity=id_, signal=Visit())


def join(id_: str, **fields: Any) -> RecordActivity:
    return RecordActivity(**WHOSE | fields, activity=id_, signal=Join())


def claim(id_: str, **fields: Any) -> RecordActivity:
    return RecordActivity(**WHOSE | fields, activity=id_, signal=Claim())


def submit(id_: str, score: float | None = None, **fields: Any) -> RecordActivity:
    return RecordActivity(**WHOSE | fields, activity=id_, signal=Submission(score=score))


def spend(id_: str, seconds: int, **fields: Any) -> RecordActivity:
    return RecordActivity(**WHOSE | fields, activity=id_, signal=TimeSpent(seconds=seconds))
