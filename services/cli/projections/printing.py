"""Views and feeds as tables, or as JSON."""

from collections.abc import Mapping, Sequence
from itertools import islice

from rich.table import Table
from rich.text import Text

from services.cli.output import console, write_json
from services.cli.projections.standing import SOME, Standing
from services.projector.checked import Checked, Difference
from services.store.log import COUNT_BOUND

SHOWN = 20
"""Differences that a person wants to see at once."""


def as_table(found: Sequence[Standing]) -> None:
    """A row for each."""
    table = Table("Name", "Kind", "Version", "Position", box=None, pad_edge=False)
    for column in ("Behind", "Lag"):
        table.add_column(column, justify="right")
    table.add_column("Problem")
    for it in found:
        table.add_row(
            it.name,
            it.kind,
            "" if it.version is None else str(it.version),
            str(it.position),
            _behind(it),
            "?" if it.lag is None else f"{it.lag:,.1f} s",
            Text(it.problem or "", style="red"),
        )
    console().print(table)


def _behind(it: Standing) -> str:
    bounded = it.behind in {COUNT_BOUND, SOME}
    return f"{it.behind:,}{' or more' if bounded else ''}"


def as_json(found: Sequence[Standing]) -> None:
    """A list."""
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
