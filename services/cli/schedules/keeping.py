"""``coursemark schedules add``: told, asked about, kept."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import typer
from pydantic import ValidationError

from contracts.problems import details
from services.cli import errors
from services.cli.many.asking import confirm, may_ask
from services.cli.operations.sending import RefusedError
from services.cli.output import say
from services.cli.policies.command import UnknownSchoolError
from services.cli.running import database
from services.cli.schedules import wording
from services.cli.schedules.options import When
from services.domain.schedules import Schedule, slots
from services.runtime.clock import now
from services.runtime.settings import Settings
from services.scheduler.meant import meant
from services.scheduler.slots import refused_now
from services.store import schedules
from services.store.directory import Directory
from services.store.schedules import Kept, NoSlotLeftError

if TYPE_CHECKING:
    import asyncpg

SHOWN = 3
"""Slots that are told."""
_OPTIONS = {
    "schedule": "NAME",
    "starts_at": "--at",
    "courses": "--course",
    "programs": "--program",
    "tags": "--tag",
    "activities": "--activity",
}
"""Those that are not named as their fields."""


class ExistsError(errors.CommandError):
    """``schedule_exists``: another one has the id."""

    code = "schedule_exists"


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
        raise typer.BadParameter(" ".join(map(_said, details(error)))) from None


def _said(problem: Any) -> str:
    """A problem in the words of the options, such as "--months is too small; send 1 or more."."""
    *_, field = (it for it in problem["field"].split(".") if not it.isdecimal())
    option = _OPTIONS.get(field, f"--{field.replace('_', '-')}")
    return f"{option} {problem['problem']}."


async def keep(settings: Settings, schedule: Schedule, when: When) -> Kept:
    """Say what it will do, ask once, and keep it.

    Raises:
        CommandError: the school is unknown, or would refuse it, or has another of that id.
        NoSlotLeftError: it would never begin.
        BadParameter: there is nobody to ask.
    """
    may_ask(_keeping(schedule), yes=when.yes, look="")
    async with database(settings) as pool:
        at = now()
        coming = list(islice(slots(schedule, at), SHOWN))
        await _check(pool, schedule, coming, at, replace=when.replace)
        found = await meant(pool, schedule, at)
        for line in (
            f"{wording.does(schedule)}, {wording.comes(schedule)}, as {schedule.actor}.",
            wording.warns(schedule),
            wording.next_slots(schedule, coming),
            wording.about(found.number, exactly=found.exactly),
        ):
            if line is not None:
                say(line)
        confirm(_keeping(schedule), yes=when.yes)
        return await schedules.put(pool, schedule, at)


def _keeping(schedule: Schedule) -> str:
    return f"Keep the schedule {schedule.schedule}."


async def _check(
    pool: "asyncpg.Pool",
    schedule: Schedule,
    coming: Sequence[datetime],
    at: datetime,
    *,
    replace: bool,
) -> None:
    """Better told now than at its first slot."""
    school = schedule.school
    if school not in (await Directory(pool).facts([school], [])).plans:
        raise UnknownSchoolError(
            f"The directory has no school {school}; check the id, or publish the school."
        )
    refused = await refused_now(pool, schedule, at)
    if refused is not None:
        raise RefusedError(refused.code, refused.message)
    if not replace and await schedules.read(pool, school, schedule.schedule) is not None:
        raise ExistsError(
            f"{school} has a schedule {schedule.schedule}; change it with --replace, or give "
            "this one another id."
        )
    if not coming:
        raise NoSlotLeftError(
            f"{schedule.schedule} has no slot any more; give it a later --at, or a --rule that "
            "goes on."
        )


def _wall_clock(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            "a time on the clock of the time zone, such as 2027-01-01T02:00.", param_hint="--at"
        ) from None
