"""Operations for a person."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from contracts.operations import OperationReported
from services.cli.operations.bars import behind
from services.cli.output import console
from services.cli.send.printing import effects
from services.cli.show.words import instant
from services.cli.tables import plain

if TYPE_CHECKING:
    from contracts.results import Effects

_STYLES = {
    "completed": "green",
    "completed_with_errors": "yellow",
    "cancelled": "red",
    "paused": "yellow",
    "running": "cyan",
}
_HELD = {
    "administrator": "An administrator paused it: "
    "`coursemark operations resume {operation} --school {school} --actor ADMIN`.",
    "approval_required": "It waits for a second administrator: "
    "`coursemark operations approve {operation} --school {school} --actor ANOTHER`.",
    "fault": "A fault of Coursemark holds it; once that is gone: "
    "`coursemark operations resume {operation} --school {school} --actor ADMIN`.",
    "not_permitted": "{actor} is no administrator any more; whoever resumes it answers for the "
    "rest: `coursemark operations resume {operation} --school {school} --actor ADMIN`.",
}


def ended(report: OperationReported, effect: "Effects | None" = None) -> None:
    """What became of it: rows by outcome and code, and what to do next."""
    out = console()
    out.print(_heading(report))
    if report.total:
        out.print(_counts(report))
    if effect is not None:
        going = "would go out" if report.dry_run else "go out"
        out.print(Text(f"{effects(effect.model_dump())} {going}."))
    for sentence in _next(report):
        out.print(Text(sentence))


def listed(reports: Sequence[OperationReported]) -> None:
    """A line each."""
    table = plain(
        *("Operation", "What", "State", ">Rows", ">Done", ">Skipped", ">Failed"),
        *("Who", "Begun (UTC)", "Why"),
    )
    for it in reports:
        table.add_row(
            Text(it.operation),
            _what(it),
            _state(it),
            "" if it.total is None else f"{it.total:,}",
            f"{it.done:,}",
            f"{sum(it.skipped.values()):,}",
            f"{sum(it.failed.values()):,}",
            Text(it.actor),
            instant(it.created_at),
            Text(" ".join(filter(None, [it.reason, it.note and f"“{it.note}”"]))),
        )
    console().print(table)


def shown(report: OperationReported, effect: "Effects | None" = None) -> None:
    """Everything about one."""
    table = plain("", "")
    table.show_header = False
    for name, value in _facts(report):
        table.add_row(Text(name, style="dim"), Text(value))
    console().print(table)
    console().print()
    ended(report, effect)


def _facts(it: OperationReported) -> Iterator[tuple[str, str]]:
    facts: Mapping[str, str | None] = {
        "school": it.school,
        "who": it.actor,
        "why": " ".join(filter(None, [it.reason, it.note and f"“{it.note}”"])),
        "from": it.source,
        "asked for": instant(it.created_at),
        "not before": instant(it.start_at),
        "begun": instant(it.started_at),
        "ended": instant(it.ended_at),
        "approved by": it.approved_by,
        "takes back": it.undoes,
        "taken back by": it.undone_by,
    }
    return ((name, value) for name, value in facts.items() if value)


def _heading(it: OperationReported) -> Text:
    text = Text.assemble("Operation ", (it.operation, "bold"), "  ", _what(it), "  ", _state(it))
    if it.total is None:
        return text
    return text.append(f"  {behind(it):,} of {it.total:,} row{'' if it.total == 1 else 's'}")


def _what(it: OperationReported) -> Text:
    return Text(it.kind.replace("_", " ") + (", preview" if it.dry_run else ""))


def _state(it: OperationReported) -> Text:
    return Text(it.state.replace("_", " "), style=_STYLES.get(it.state, ""))


def _counts(it: OperationReported) -> Table:
    table = plain("Outcome", "Code", ">Rows")
    table.add_row("would be done" if it.dry_run else "done", "", f"{it.done:,}")
    would = "would be " if it.dry_run else ""
    for code, count in sorted(it.skipped.items()):
        table.add_row(f"{would}skipped", code, f"{count:,}")
    for code, count in sorted(it.failed.items()):
        table.add_row("would fail" if it.dry_run else "failed", code, f"{count:,}")
    return table


def _next(it: OperationReported) -> Iterator[str]:
    of = f"{it.operation} --school {it.school}"
    if it.message:
        yield it.message
    if it.pause_reason is not None:
        yield _HELD[it.pause_reason].format(
            operation=it.operation, school=it.school, actor=it.actor
        )
    if it.state == "scheduled" and it.start_at is not None:
        yield f"It begins at {instant(it.start_at)} UTC: `coursemark operations watch {of}`."
    if it.failed or it.skipped:
        yield f"Row by row: `coursemark operations errors {of} --out FILE.csv`."
    if it.failed and not it.dry_run and it.state != "running":
        yield f"The failed rows again: `coursemark operations retry {of} --actor ADMIN`."
