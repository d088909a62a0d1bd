"""What is done at a slot of a schedule: which one is run, and which operation it asks for. Pure.

The ids of operation and messages follow from school, schedule and slot, so that a slot that is
taken up again asks for the same.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import chain
from typing import Any, Final, NamedTuple

from contracts.commands import WHOLE_COURSE
from contracts.operations import (
    BulkCommand,
    BulkEnroll,
    BulkMarkComplete,
    BulkResetProgress,
)
from services.domain.bulk import in_parts, part_id
from services.domain.schedules import Enrol, Mark, Recertify, Reset, Schedule, slots

LATEST: Final = timedelta(hours=24)
"""How late a slot may be run: rules recur daily at the most, so it is still the day's."""
LISTED: Final = 50
"""Missed slots that are put down one by one; how many came before them is said with the first."""
_LONGEST: Final = 128


class Plan(NamedTuple):
    """What to do about slots that have come.

    ``slot``: which is run, if any; ``missed``: those that are not, in order; ``unlisted``: how many
    more came before them; ``next_at``: the first that has not come, none where none is left.
    """

    slot: datetime | None
    missed: tuple[datetime, ...]
    unlisted: int
    next_at: datetime | None


def plan(schedule: Schedule, first: datetime, now: datetime) -> Plan:
    """The last slot from ``first`` up to now is run, unless it came too long ago."""
    come: deque[datetime] = deque(maxlen=LISTED + 1)
    count, next_at = 0, None
    for at in chain([first], slots(schedule, first)):
        if at > now:
            next_at = at
            break
        come.append(at)
        count += 1
    slot = come.pop() if come and now - come[-1] <= LATEST else None
    missed = tuple(come)[-LISTED:]
    return Plan(slot, missed, count - len(missed) - (slot is not None), next_at)


def operation_id(schedule: str, slot: datetime) -> str:
    """``recertify-20260301T020000Z``: the operation of a slot, unique within a school."""
    when = f"-{slot.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    if len(schedule) + len(when) <= _LONGEST:
        return schedule + when
    digest = blake2b(schedule.encode(), digest_size=8).hexdigest()
    return f"{schedule[: _LONGEST - len(when) - len(digest) - 1]}-{digest}{when}"


class Asked(NamedTuple):
    """A message of the operation, under its id."""

    command_id: str
    command: BulkCommand


def parts(
    schedule: Schedule,
    operation: str,
    whom: Sequence[str] | str,
    completed_until: datetime | None = None,
    **more: Any,
) -> Iterator[Asked]:
    """The messages of an operation for these learners, or for whom a saved search finds.

    ``completed_until``: of a recertification, see BulkResetProgress; ``more``: further fields.
    """
    chunks = in_parts(whom)
    fields: dict[str, Any] = {
        "school": schedule.school,
        "operation": operation,
        "actor": schedule.actor,
        "source": "rule",
        "reason": schedule.reason,
        "note": schedule.note,
        "parts": len(chunks),
        **more,
    }
    if completed_until is not None:
        fields["completed_until"] = completed_until
    for number, chunk in enumerate(chunks, 1):
        id_ = part_id(schedule.school, operation, number)
        yield Asked(id_, _command(schedule, {**fields, **chunk, "part": number}))


def _command(schedule: Schedule, fields: dict[str, Any]) -> BulkCommand:
    match schedule.task:
        case Recertify(course=course):
            return BulkResetProgress(**fields, course=course, activities=WHOLE_COURSE)
        case Enrol() as task:
            return BulkEnroll(
                **fields,
                courses=task.courses,
                programs=task.programs,
                mark_complete=task.mark_complete,
                send_completion_email=task.send_completion_email,
            )
        case Mark() as task:
            return BulkMarkComplete(
                **fields,
                course=task.course,
                activities=task.activities,
                send_completion_email=task.send_completion_email,
            )
        case Reset() as task:
            return BulkResetProgress(**fields, course=task.course, activities=task.activities)
