"""Operations as they go on: a bar for each on a terminal, lines of JSON for programs."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from services.cli.output import console, write_json

if TYPE_CHECKING:
    from contracts.operations import OperationReported

Show = Callable[["OperationReported"], None]
"""Tells of one more report."""


@contextmanager
def bars(*, as_json: bool = False) -> Iterator[Show]:
    """A bar for each operation on stderr where that is a terminal; nothing otherwise.

    ``as_json``: each report is a line on stdout instead.
    """
    if as_json:
        yield lambda report: write_json(report.model_dump(mode="json", exclude_none=True))
        return
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, TimeElapsedColumn(), console=console(stderr=True)) as shown:
        tasks: dict[str, Any] = {}

        def show(report: "OperationReported") -> None:
            if report.operation not in tasks:
                tasks[report.operation] = shown.add_task(report.operation, total=None)
            what = "preview" if report.dry_run else report.kind
            shown.update(
                tasks[report.operation],
                description=f"{what} {report.state}".replace("_", " "),
                total=report.total,
                completed=behind(report),
            )

        yield show


def behind(report: "OperationReported") -> int:
    """Rows that it is through with."""
    return report.done + sum(report.skipped.values()) + sum(report.failed.values())
