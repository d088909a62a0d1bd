"""Schedules (B12), and the school's policy (B3, B4)."""

import json
from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

from pydantic import JsonValue

from ...api.policy import SchoolPolicy
from ...api.schedules import (
    SchedulePreviewed,
    Schedules,
    ScheduleShown,
    ScheduleSlot,
    ScheduleSlots,
)
from .call import Call, Page, as_, asks, get, keyed, nothing, pages


def schedules() -> Call[Schedules]:
    """The school's schedules: what each does, for whom, and when it comes next."""
    return get("/v1/schedules", Schedules)


def get_schedule(schedule: str) -> Call[ScheduleShown]:
    """A schedule, its next slots, and for how many it would be now."""
    return get("/v1/schedules/{schedule}", ScheduleShown, schedule)


def put_schedule(schedule: str, said: Mapping[str, JsonValue]) -> Call[ScheduleShown]:
    """Keep a schedule, as the document's ``Schedule`` has it, in the name of who sends this."""
    body = json.dumps(said).encode()
    return asks("PUT", "/v1/schedules/{schedule}", as_(ScheduleShown), [schedule], body=body)


def remove_schedule(schedule: str) -> Call[None]:
    """Remove a schedule; operations that it began go on."""
    return asks("DELETE", "/v1/schedules/{schedule}", nothing, [schedule])


def enable_schedule(schedule: str) -> Call[ScheduleShown]:
    """Let it run again, from its next slot on."""
    return asks("POST", "/v1/schedules/{schedule}/enable", as_(ScheduleShown), [schedule])


def disable_schedule(schedule: str) -> Call[ScheduleShown]:
    """Let it rest; slots that come meanwhile are not caught up."""
    return asks("POST", "/v1/schedules/{schedule}/disable", as_(ScheduleShown), [schedule])


def slots_of_schedule(schedule: str, *, limit: int | None = None) -> Call[Page[ScheduleSlot]]:
    """What became of each slot: begun, nobody, refused or missed, and why."""
    return pages(
        *("/v1/schedules/{schedule}/slots", ScheduleSlots, lambda it: it.slots, schedule),
        query={"limit": limit},
    )


def preview_schedule(schedule: str, *, key: str | None = None) -> Call[SchedulePreviewed]:
    """Find out what its next slot would do now; ``key``: the id of the dry run."""
    template = "/v1/schedules/{schedule}/preview"
    call = asks("POST", template, as_(SchedulePreviewed), [schedule])
    return replace(call, headers=keyed(key or str(uuid4())))


def policy() -> Call[SchoolPolicy]:
    """How far back commands may lie, their reasons, notes, four eyes."""
    return get("/v1/policy", SchoolPolicy)


def set_policy(to: SchoolPolicy) -> Call[SchoolPolicy]:
    """Set the policy in place of what it was; what is left out is no limit."""
    return asks("PUT", "/v1/policy", as_(SchoolPolicy), body=to.to_json())
