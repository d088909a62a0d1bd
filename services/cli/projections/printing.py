"""Views and feeds as tables, or as JSON."""

from collections.abc import Mapping, Sequence
from itertools import islice

from rich.table import Table
from rich.text import Text

from services.cli.output import console, write_json
from services.projector.checked import Checked, Difference
from services.store.log import COUNT_BOUND
from services.store.skips import OnRecord
from services.views.standing import SOME, Standing

SHOWN = 20
"""Differences that a person wants to see at once."""


def as_table(found: Sequence[Standing]) -> None:
    """A row for each."""
    table = Table("Name", "Kind", "Version", "Position", box=None, pad_edge=False)
    for column in ("Behind", "Lag", "Events/s"):
        table.add_column(column, justify="right")
    table.add_column("State")
    for it in found:
        table.add_row(
            it.name,
            it.kind,
            "" if it.version is None else str(it.version),
            str(it.position),
            _behind(it),
            "?" if it.lag is None else f"{it.lag:,.1f} s",
            f"{it.rate:,.1f}",
            _state(it),
        )
    console().print(table)


def _state(it: Standing) -> Text:
    since = "" if it.blocked_since is None else f"since {it.blocked_since:%Y-%m-%d %H:%M:%S}: "
    if it.problem is not None:
        return Text(since + it.problem, style="red")
    return Text("being rebuilt" if it.rebuilding else "")


def _behind(it: Standing) -> str:
    bounded = it.behind in {COUNT_BOUND, SOME}
    return f"{it.behind:,}{' or more' if bounded else ''}"


def as_json(found: Sequence[Standing]) -> None:
    """A list."""
    write_json([_shown(it) for it in found])


def _shown(it: Standing) -> dict[str, object]:
    blocked_at = None if it.blocked_at is None else str(it.blocked_at)
    shown = {"position": str(it.position), "blocked_at": blocked_at, "problem": it.problem}
    return it._asdict() | shown


def skips_as_table(found: Sequence[OnRecord]) -> None:
    """A row for each skip, the latest first."""
    if not found:
        console().print("Nothing is skipped.")
        return
    table = Table("Name", "Position", "Event", "Skipped", "By", "Reason", box=None, pad_edge=False)
    for it in found:
        ended = "" if it.ended_at is None else f", until {it.ended_at:%Y-%m-%d %H:%M}"
        table.add_row(
            it.projection,
            str(it.position),
            f"{it.type} {it.stream}@{it.version}",
            f"{it.skipped_at:%Y-%m-%d %H:%M}{ended}",
            Text(it.skipped_by),
            Text(it.reason),
        )
    console().print(table)


def skips_as_json(found: Sequence[OnRecord]) -> None:
    """A list, the latest first."""
    write_json([it._asdict() | {"position": str(it.position)} for it in found])


def checked_as_table(checked: Mapping[str, Checked]) -> None:
    """A sentence for each view, and the first differences."""
    for name, it in checked.items():
        seen = f"{it.streams:,} streams of {it.events:,} events"
        if not it.differing:
            console().print(f"[green]✓[/] {name}: every row is what its events say, {seen}.")
            continue
        console().print(f"[red]✗[/] {name}: {it.differing:,} differences in {seen}.")
        for difference in islice(it.differences, SHOWN):
            console().print(Text(_difference(difference)))
        console().print(f"  Build it anew: coursemark projections rebuild {name}")


def _difference(it: Difference) -> str:
    named = 0 if it.stream is None else len(it.stream)
    lines = [f"  {it.stream or 'totals'}, {it.table}:"]
    lines += [f"    missing     {row[named:]}" for row in it.missing]
    lines += [f"    unexpected  {row[named:]}" for row in it.unexpected]
    return "\n".join(lines)


def checked_as_json(checked: Mapping[str, Checked]) -> None:
    """By view."""
    write_json(
        {
            name: {
                "streams": it.streams,
                "events": it.events,
                "differing": it.differing,
                "differences": [
                    {
                        "stream": None if difference.stream is None else str(difference.stream),
                        "table": difference.table,
                        "missing": difference.missing,
                        "unexpected": difference.unexpected,
                    }
                    for difference in it.differences
                ],
            }
            for name, it in checked.items()
        }
    )
