"""Lines of a report as a table, or as a list of JSON objects."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from rich.table import Table

from services.cli.output import console, say, write_json
from services.cli.show.words import duration
from services.cli.stack.reports.port import Report
from services.views.insights import ScoreLine, mean

Line = Mapping[str, Any]


def show(report: Report[NamedTuple], limit: int, *, as_json: bool) -> None:
    """Print the lines; columns that were not asked for are left out."""
    _print([_asked(line) for line in report.lines], as_json=as_json)
    _tell(report, limit)


def show_scores(report: Report[ScoreLine], limit: int, *, as_json: bool) -> None:
    """The distribution, and the mean of each group that is whole."""
    if as_json:
        _print([_asked(line) for line in report.lines], as_json=True)
    else:
        for of, group in groupby(report.lines, key=lambda it: it[:4]):
            _distribution([str(part) for part in of if part], list(group))
    _tell(report, limit)


def _distribution(of: Sequence[str], lines: Sequence[ScoreLine]) -> None:
    number, most = sum(it.number for it in lines), max(it.number for it in lines)
    console().print(f"[bold]{' · '.join(of)}[/]: {number:,} scores, mean {mean(lines) or 0:.4f}")
    table = Table(box=None, pad_edge=False, show_header=False)
    for line in lines:
        bar = "█" * max(1, round(40 * line.number / most))
        table.add_row(f"  {line.bucket}-{line.below}", f"{line.number:,}", bar)
    table.columns[1].justify = "right"
    console().print(table)


def _asked(line: NamedTuple) -> Line:
    return {name: value for name, value in line._asdict().items() if value is not None}


def _print(lines: Sequence[Line], *, as_json: bool) -> None:
    if as_json:
        write_json(lines)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in lines[0] if lines else ():
        right = all(isinstance(line[name], int) for line in lines)
        table.add_column(name.replace("_", " "), justify="right" if right else "left")
    for line in lines:
        table.add_row(*_cells(line))
    console().print(table)


def _cells(line: Line) -> Iterable[str]:
    for name, value in line.items():
        match value:
            case bool():
                yield "yes" if value else "no"
            case int() if name == "seconds":
                yield duration(value)
            case int():
                yield f"{value:,}"
            case date() if name == "month":
                yield f"{value:%Y-%m}"
            case _:
                yield str(value)


def _tell(report: Report[NamedTuple], limit: int) -> None:
    """Beside the output: there is more, or there is nothing."""
    told = len(report.lines)
    if report.more and told < limit:
        say(f"These are the first {told:,} lines, which is all that an API gives; ask for less.")
    elif report.more:
        say(f"These are the first {told:,} lines; ask for more with --limit, or for less.")
    elif not told:
        say("Nothing is recorded that this asks for; check the ids and the period.")
