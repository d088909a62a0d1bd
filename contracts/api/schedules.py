"""Schedules: operations that begin by themselves, and what became of each slot (B12)."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, JsonValue

from ..fields import Instant, Reason, WallClock
from ..model import Contract


class ScheduleShown(Contract):
    """A schedule; ``task`` as it was sent."""

    schedule: str
    task: Mapping[str, JsonValue]
    timezone: str
    starts_at: WallClock = Field(description="On the wall clock of the time zone.")
    rule: str | None = Field(None, description="An RRULE (RFC 5545); none: once.")
    actor: str = Field(description="The administrator in whose name it begins operations.")
    reason: Reason
    note: str | None = None
    enabled: bool
    next_at: Instant | None = Field(None, description="Its next slot; none: it is off, or over.")
    created_at: Instant
    changed_at: Instant
    coming: tuple[Instant, ...] | None = Field(None, description="Of one: its next slots.")
    learners: int | None = Field(None, description="Of one: for how many it would be now.")
    learners_exactly: bool | None = Field(None, description="False: for more than that.")


class Schedules(Contract):
    """The school's schedules, in order of their ids."""

    schedules: tuple[ScheduleShown, ...]


class ScheduleSlot(Contract):
    """What became of a slot."""

    slot_at: Instant
    outcome: Literal["begun", "nobody", "refused", "missed"]
    operation: str | None = Field(None, description="The one that was begun.")
    learners: int
    code: str | None = None
    message: str | None = None
    recorded_at: Instant


class ScheduleSlots(Contract):
    """A page of slots, the newest first; those of a schedule that was removed stay."""

    slots: tuple[ScheduleSlot, ...]


class SchedulePreviewed(Contract):
    """What the next slot would do is being found out."""

    slot_at: Instant
    learners: int
    operation: str | None = Field(None, description="Where the dry run is; none: for nobody.")
