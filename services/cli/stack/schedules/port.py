"""What ``coursemark schedules`` needs of a Coursemark."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from services.cli import errors

if TYPE_CHECKING:
    from contracts.api.due import Due
    from services.domain.schedules import Schedule
    from services.store.schedules import Kept, Slot
    from services.views.due.asking import DueRequest

SHOWN = 3
"""Slots that are told of one schedule."""


class UnknownScheduleError(errors.CommandError):
    """``unknown_schedule``: the school has none of that id."""

    code = "unknown_schedule"
    exit_code = errors.USAGE

    def __init__(self, school: str, name: str) -> None:
        super().__init__(
            f"{school} has no schedule {name}; see `coursemark schedules list --school {school}`."
        )


class ExistsError(errors.CommandError):
    """``schedule_exists``: another one has the id."""

    code = "schedule_exists"

    def __init__(self, school: str, name: str) -> None:
        super().__init__(
            f"{school} has a schedule {name}; change it with --replace, or give this one another "
            "id."
        )


class Many(NamedTuple):
    """How many learners; not ``exactly``: more than that."""

    number: int
    exactly: bool


class Looked(NamedTuple):
    """A schedule, its next slots, for how many it would be now, and what became of the last."""

    kept: "Kept"
    slots: Sequence[datetime]
    learners: Many
    record: Sequence["Slot"]


class Dues(NamedTuple):
    """Due dates, the soonest first; ``next`` leads on, none after the last."""

    found: Sequence["Due"]
    next: str | None


class Schedules(Protocol):
    """The schedules of a school.

    Every method of one schedule raises ``UnknownScheduleError`` where the school has none of that
    id.
    """

    async def all(self, school: str) -> Sequence["Kept"]:
        """In order of their ids."""

    async def one(self, school: str, name: str) -> "Kept":
        """A schedule."""

    async def look(self, school: str, name: str) -> Looked:
        """Everything about one."""

    async def slots(self, school: str, name: str, limit: int) -> Sequence["Slot"]:
        """What became of its last slots, the newest first; of one that was removed, too."""

    async def foresee(self, schedule: "Schedule", *, replace: bool) -> Many:
        """For how many it would be now; keeps nothing, and refuses what ``keep`` would.

        Raises:
            CommandError: the school is unknown, or would refuse it, or has another of that id.
            NoSlotLeftError: it would never begin.
        """

    async def keep(self, schedule: "Schedule", *, replace: bool) -> "Kept":
        """Keep it; ``replace``: in place of what there is.

        Raises:
            CommandError: as ``foresee`` does.
            NoSlotLeftError: it would never begin.
        """

    async def switch(self, school: str, name: str, *, enabled: bool) -> "Kept":
        """Let it run, or rest.

        Raises:
            NoSlotLeftError: it is to run, and has no slot any more.
        """

    async def remove(self, school: str, name: str) -> None:
        """Remove it."""

    async def preview(self, kept: "Kept", seconds: float) -> str | None:
        """Ask for the operation of its next slot as a dry run; returns its id, none for nobody.

        Raises:
            RefusedError: it cannot begin.
            UnansweredError: for so many seconds nothing came.
        """

    async def due(self, school: str, asked: "DueRequest") -> Dues:
        """A page of who has to renew a completion.

        Raises:
            InvalidCursorError: ``after`` is no cursor.
            ForeignCursorError: it belongs to something else that was asked for.
        """
