"""Schedules: an operation that begins by itself, once or again and again (B12).

A schedule's slots are wall-clock times in its time zone, by a recurrence rule of RFC 5545. At each
slot it looks who is meant, and asks for one operation for them, in the name of the administrator
who made it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.relativedelta import relativedelta
from pydantic import Field, field_validator, model_validator

from contracts.commands import ActivitySelection
from contracts.fields import (
    EPOCH,
    CourseId,
    Id,
    Label,
    ProgramId,
    Reason,
    SchoolId,
    Text,
    UserId,
    WallClock,
)
from contracts.model import Contract
from contracts.operations import MAX_COURSES, check_enrolment
from services.domain.recurrence import recurrence

MAX_MONTHS, MAX_WARNING_DAYS, LAST_YEAR = 600, 366, 9000
_CLOCK_CHANGE: Final = timedelta(hours=3)
SLACK: Final = timedelta(days=4)
"""Of two completions so far apart, the later one never falls due before the earlier one: one span
of months may be three days shorter than another, and the clocks change by hours."""


class Tagged(Contract):
    """Learners who have all of these tags, as the directory says at the slot."""

    by: Literal["tags"] = "tags"
    tags: Annotated[tuple[Label, ...], Field(min_length=1, max_length=20)]


class Found(Contract):
    """Learners whom a saved search finds at the slot."""

    by: Literal["search"] = "search"
    search: Label


Whom = Annotated[Tagged | Found, Field(discriminator="by")]


class Recertify(Contract):
    """Reset the course for those whose present completion of it is so old, or older.

    ``warn_days``: so long before, each learner is told, once; none: nobody is.
    """

    what: Literal["recertify"] = "recertify"
    course: CourseId
    months: Annotated[int, Field(ge=1, le=MAX_MONTHS, description="Of the calendar.")]
    warn_days: Annotated[int, Field(ge=1, le=MAX_WARNING_DAYS)] | None = None


class Enrol(Contract):
    """Enrol them, as BulkEnroll says."""

    what: Literal["enroll"] = "enroll"
    whom: Whom
    courses: Annotated[tuple[CourseId, ...], Field(max_length=MAX_COURSES)] = ()
    programs: Annotated[tuple[ProgramId, ...], Field(max_length=MAX_COURSES)] = ()
    mark_complete: bool = False
    send_completion_email: bool | None = None

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        check_enrolment(
            self.courses,
            self.programs,
            mark_complete=self.mark_complete,
            email=self.send_completion_email,
        )
        return self


class Mark(Contract):
    """Mark complete, as BulkMarkComplete says."""

    what: Literal["mark_complete"] = "mark_complete"
    whom: Whom
    course: CourseId
    activities: ActivitySelection
    send_completion_email: bool


class Reset(Contract):
    """Reset, as BulkResetProgress says."""

    what: Literal["reset_progress"] = "reset_progress"
    whom: Whom
    course: CourseId
    activities: ActivitySelection


Task = Annotated[Recertify | Enrol | Mark | Reset, Field(discriminator="what")]


def search_of(task: Task) -> str | None:
    """The saved search that says for whom the task is, where one does."""
    whom = None if isinstance(task, Recertify) else task.whom
    return whom.search if isinstance(whom, Found) else None


class Schedule(Contract):
    """What is to be done, and when.

    ``rule``: an RRULE, daily at the most often, from ``starts_at`` on; none: once.
    """

    school: SchoolId
    schedule: Id
    task: Task
    timezone: Annotated[str, Field(max_length=100)] = Field(
        "UTC", description="Of the IANA time zone database: Europe/Athens."
    )
    starts_at: WallClock = Field(
        description="From when on, on the wall clock of the time zone, without an offset."
    )
    rule: Annotated[str, Field(max_length=500)] | None = None
    actor: UserId
    reason: Reason = "administrative"
    note: Text | None = None
    enabled: bool = True

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("is no time zone of the IANA database, as Europe/Athens is") from None
        return name

    @field_validator("starts_at")
    @classmethod
    def _is_of_a_wall_clock(cls, at: datetime) -> datetime:
        if at.tzinfo is not None:
            raise ValueError("has an offset; leave that out, and name the time zone")
        if not EPOCH.year <= at.year <= LAST_YEAR:
            raise ValueError(f"lies outside of the years {EPOCH.year} to {LAST_YEAR}")
        return at.replace(microsecond=0)

    @field_validator("rule")
    @classmethod
    def _recurs(cls, rule: str | None) -> str | None:
        if rule is not None:
            recurrence(rule, EPOCH.replace(tzinfo=None))
        return rule


def slots(schedule: Schedule, after: datetime, *, included: bool = False) -> Iterator[datetime]:
    """Its slots after that instant (and at it, if ``included``), in UTC, each later than the last.

    A wall-clock time that a change of the clocks leaves out comes as much later as they were put
    forward; one that comes twice counts the first time.
    """
    zone = ZoneInfo(schedule.timezone)
    wall = after.astimezone(zone).replace(tzinfo=None) - _CLOCK_CHANGE
    last: datetime | None = None if included else after
    for it in _wall_clock(schedule, wall):
        at = it.replace(tzinfo=zone).astimezone(UTC)
        if at >= after and (last is None or at > last):
            yield at
            last = at


def is_old_enough(
    schedule: Schedule, task: Recertify, completed_at: datetime, slot: datetime
) -> bool:
    """Whether the completion falls due at the slot, or fell due before."""
    return later(completed_at, task.months, schedule.timezone) <= slot


def old_enough_at_most(schedule: Schedule, task: Recertify, slot: datetime) -> datetime:
    """An instant after which no completion is old enough at the slot, to look for them by."""
    return later(slot, -task.months, schedule.timezone) + SLACK


def later(at: datetime, months: int, timezone: str) -> datetime:
    """So many calendar months on, in that time zone; in UTC.

    From 31 January one month on is the last day of February.
    """
    zone = ZoneInfo(timezone)
    wall = at.astimezone(zone).replace(tzinfo=None)
    return (wall + relativedelta(months=months)).replace(tzinfo=zone).astimezone(UTC)


def _wall_clock(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    start = schedule.starts_at
    if schedule.rule is not None:
        yield from recurrence(schedule.rule, start).xafter(after, inc=True)
    elif start >= after:
        yield start
