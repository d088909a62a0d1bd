"""An operation watched to where it rests, with bounded patience while nothing moves."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from services.cli import errors
from services.cli.operations.bars import Show
from services.cli.output import say

if TYPE_CHECKING:
    import asyncpg

    from contracts.operations import OperationReported

LOOK_SECONDS = 0.2
Read = Callable[[], Awaitable["Mapping[str, OperationReported]"]]
"""The present reports of what is watched, by operation."""


class NothingMovesError(errors.CommandError):
    """``no_progress``: for so long no operation that is watched went on."""

    code = "no_progress"
    exit_code = errors.NO_RESULT


def reader(pool: "asyncpg.Pool", school: str, *operations: str) -> Read:
    """Reads the present reports of these."""
    from services.operations.reading import named

    async def read() -> "Mapping[str, OperationReported]":
        return {it.operation: it for it in await named(pool, school, operations)}

    return read


def rests(report: "OperationReported") -> bool:
    """True where it goes no further by itself, or not before its time."""
    from contracts.operations import FINAL

    waits = report.state == "scheduled" and report.start_at is not None
    return report.state in FINAL or report.state == "paused" or waits


async def watch(read: Read, show: Show, patience: float) -> "Mapping[str, OperationReported]":
    """Show each report until all of them rest; returns the last ones.

    Raises:
        NothingMovesError: for ``patience`` seconds none of them moved.
    """
    from services.runtime.embedded.waiting import until

    seen: dict[str, OperationReported] = {}
    now: Mapping[str, OperationReported] = {}

    async def moved() -> bool:
        nonlocal now
        now = await read()
        return any(
            known not in seen or seen[known].revision < it.revision for known, it in now.items()
        )

    while not seen or not all(map(rests, seen.values())):
        if not await until(moved, within=patience, every=LOOK_SECONDS):
            raise NothingMovesError(
                f"Nothing has moved for {patience:g} s: check that the part operations runs "
                "(`coursemark doctor`), then `coursemark operations watch`."
            )
        for name, report in now.items():
            if name not in seen or seen[name].revision < report.revision:
                show(report)
            seen[name] = report
    return now


def how_to_watch(school: str, operation: str) -> None:
    """Say that it goes on without us."""
    say(
        "The operation goes on. Watch it again, or stop it:\n"
        f"  coursemark operations watch {operation} --school {school}\n"
        f"  coursemark operations cancel {operation} --school {school} --actor ADMIN"
    )
