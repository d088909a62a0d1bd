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


def put_schedule(
    schedule: str,
    said: Mapping[str, JsonValue],
    *,
    only_new: bool = False,
    dry_run: bool | None = None,
) -> Call[ScheduleShown]:
    """Keep a schedule, as the document's ``Schedule`` has it, in the name of who sends this.

    ``only_new``: only where there is none of that id; it is then asked once, as a second time
    would find the first. ``dry_run``: keep nothing, and tell its next slots and for how many.
    """
    template, query = "/v1/schedules/{schedule}", {"dry_run": dry_run}
    call = asks(
        *("PUT", template, as_(ScheduleShown), [schedule], query),
        body=json.dumps(said).encode(),
        again=not only_new or bool(dry_run),
    )
    return replace(call, headers={"if-none-match": "*"}) if only_new else call


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


def preview_schedule(
    schedule: str, *, key: str | None = None, wait: int = 0
) -> Call[SchedulePreviewed]:
    """Find out what its next slot would do now; ``key``: the id of the dry run.

    With ``wait`` (seconds) it ends in a ``RejectedError`` where that cannot begin.
    """
    template = "/v1/schedules/{schedule}/preview"
    call = asks("POST", template, as_(SchedulePreviewed), [schedule])
    prefer = {"prefer": f"wait={wait}"} if wait else {}
    return replace(call, headers=keyed(key or str(uuid4())) | prefer, wait=wait)


def policy() -> Call[SchoolPolicy]:
    """How far back commands may lie, their reasons, notes, four eyes."""
    return get("/v1/policy", SchoolPolicy)


def set_policy(to: SchoolPolicy) -> Call[SchoolPolicy]:
    """Set the policy in place of what it was; what is left out is no limit."""
    return asks("PUT", "/v1/policy", as_(SchoolPolicy), body=to.to_json())
