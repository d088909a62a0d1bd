"""``coursemark schedules add``: told, asked about, kept."""

from datetime import datetime
from itertools import islice
from typing import Any

import typer
from pydantic import ValidationError

from services.cli.many.asking import confirm, may_ask
from services.cli.output import say
from services.cli.schedules import wording
from services.cli.schedules.options import When
from services.cli.stack.opening import opened
from services.cli.stack.schedules.port import SHOWN
from services.cli.wrong import wrong
from services.domain.schedules import Schedule, slots
from services.runtime.clock import now
from services.runtime.settings import Settings
from services.store.schedules import Kept, NoSlotLeftError

_OPTIONS = {
    "schedule": "NAME",
    "starts_at": "--at",
    "courses": "--course",
    "programs": "--program",
    "tags": "--tag",
    "activities": "--activity",
}
"""Those that are not named as their fields."""


def schedule_of(when: When, task: dict[str, Any]) -> Schedule:
    """The schedule that the options describe.

    Raises:
        BadParameter: one of them is wrong.
    """
    given: dict[str, Any] = {
        "school": when.school,
        "schedule": when.name,
        "task": {name: value for name, value in task.items() if value is not None},
        "actor": when.actor,
        "timezone": when.timezone,
        "starts_at": _wall_clock(when.at),
        "rule": when.rule,
        "note": when.note,
        "reason": when.reason,
    }
    try:
        return Schedule(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise wrong(error, _OPTIONS) from None


async def keep(settings: Settings, schedule: Schedule, when: When) -> Kept:
    """Say what it will do, ask once, and keep it.

    Raises:
        CommandError: the school is unknown, or would refuse it, or has another of that id.
        NoSlotLeftError: it would never begin.
        BadParameter: there is nobody to ask.
    """
    may_ask(_keeping(schedule), yes=when.yes, look="")
    coming = list(islice(slots(schedule, now()), SHOWN))
    if not coming:
        raise NoSlotLeftError(
            f"{schedule.schedule} has no slot any more; give it a later --at, or a --rule that "
            "goes on."
        )
    async with opened(settings) as stack:
        found = await stack.schedules.foresee(schedule, replace=when.replace)
        for line in (
            f"{wording.does(schedule)}, {wording.comes(schedule)}, as {schedule.actor}.",
            wording.warns(schedule),
            wording.next_slots(schedule, coming),
            wording.about(found),
        ):
            if line is not None:
                say(line)
        confirm(_keeping(schedule), yes=when.yes)
        return await stack.schedules.keep(schedule, replace=when.replace)


def _keeping(schedule: Schedule) -> str:
    return f"Keep the schedule {schedule.schedule}."


def _wall_clock(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            "a time on the clock of the time zone, such as 2027-01-01T02:00.", param_hint="--at"
        ) from None
