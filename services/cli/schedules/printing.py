"""Schedules and slots for a person, or as JSON."""

from collections.abc import Sequence
from typing import Any

from rich.text import Text

from services.cli.output import console, write_json
from services.cli.schedules import wording
from services.cli.show.words import instant
from services.cli.stack.schedules.port import Looked
from services.cli.tables import plain
from services.runtime.clock import now
from services.store.schedules import Kept, Slot

_STYLES = {"begun": "green", "refused": "red", "missed": "yellow"}


def kept(one: Kept, *, as_json: bool) -> None:
    """A schedule that was just kept."""
    if as_json:
        write_json(_shaped(one))
        return
    at = "" if one.next_at is None else f" at {wording.local(one.schedule, one.next_at)}"
    console().print(Text(f"{one.schedule.schedule} is kept; it begins{at}."))


def listed(found: Sequence[Kept], *, as_json: bool) -> None:
    """A line each."""
    if as_json:
        for one in found:
            write_json(_shaped(one))
        return
    table = plain("Schedule", "Next (UTC)", "Rule", "Time zone", "Who", "What")
    for one in found:
        it = one.schedule
        table.add_row(
            Text(it.schedule),
            _next(one),
            Text(it.rule or "once"),
            it.timezone,
            Text(it.actor),
            Text(wording.does(it)),
        )
    console().print(table)


def shown(found: Looked, *, as_json: bool) -> None:
    """Everything about one."""
    one, coming, learners, record = found
    if as_json:
        told = [_slot(it) for it in record]
        more = {"slots": coming, "learners": learners.number, "record": told}
        write_json(_shaped(one) | more)
        return
    it = one.schedule
    why = " ".join(filter(None, [it.reason, it.note and f"“{it.note}”"]))
    out = console()
    out.print(Text(f"{wording.does(it)}, {wording.comes(it)}, as {it.actor} ({why})."))
    if it.enabled:
        out.print(Text(wording.next_slots(it, coming)))
    else:
        out.print(Text(f"It is off: `coursemark schedules enable {it.schedule}` lets it run."))
    for line in (wording.warns(it), wording.about(learners)):
        if line is not None:
            out.print(Text(line))
    if record:
        out.print()
        slots_(record, as_json=False)


def slots_(found: Sequence[Slot], *, as_json: bool) -> None:
    """A line each."""
    if as_json:
        for one in found:
            write_json(_slot(one))
        return
    table = plain("Slot (UTC)", "Outcome", ">Learners", "Operation", "Why", "On record (UTC)")
    for one in found:
        told = " ".join(filter(None, [one.message, one.code and f"[{one.code}]"]))
        table.add_row(
            instant(one.slot_at),
            Text(one.outcome, style=_STYLES.get(one.outcome, "")),
            f"{one.learners:,}" if one.outcome == "begun" else "",
            Text(one.operation or ""),
            Text(told),
            instant(one.recorded_at),
        )
    console().print(table)


def _next(one: Kept) -> str:
    if not one.schedule.enabled:
        return "off"
    if one.next_at is None:
        return "over"
    return instant(one.next_at) + (", late" if one.next_at < now() - wording.LATE else "")


def _shaped(one: Kept) -> dict[str, Any]:
    more = {"next_at": one.next_at, "created_at": one.created_at, "changed_at": one.changed_at}
    return one.schedule.model_dump(mode="json", exclude_none=True) | more


def _slot(one: Slot) -> dict[str, Any]:
    return {name: value for name, value in one._asdict().items() if value is not None}
