"""An operation watched to where it rests, with bounded patience while nothing moves."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from services.cli import errors
from services.cli.operations.bars import Show
from services.cli.output import say

if TYPE_CHECKING:
    from contracts.operations import OperationReported
    from services.cli.stack.port import Stack


class NothingMovesError(errors.CommandError):
    """``no_progress``: for so long no operation that is watched went on."""

    code = "no_progress"
    exit_code = errors.NO_RESULT


def rests(report: "OperationReported") -> bool:
    """True where it goes no further by itself, or not before its time."""
    from contracts.operations import FINAL

    waits = report.state == "scheduled" and report.start_at is not None
    return report.state in FINAL or report.state == "paused" or waits


async def watch(
    stack: "Stack", school: str, operations: Sequence[str], show: Show, patience: float
) -> "Mapping[str, OperationReported]":
    """Show each report until all of them rest; returns the last ones.

    Raises:
        NothingMovesError: for ``patience`` seconds none of them moved.
    """
    from services.runtime.embedded.waiting import until

    seen: dict[str, OperationReported] = {}
    now: Mapping[str, OperationReported] = {}

    async def moved() -> bool:
        nonlocal now
        now = {it.operation: it for it in await stack.reports(school, operations)}
        return any(
            known not in seen or seen[known].revision < it.revision for known, it in now.items()
        )

    while not seen or not all(map(rests, seen.values())):
        if not await until(moved, within=patience, every=stack.look_seconds):
            raise NothingMovesError(
                f"Nothing has moved for {patience:g} s: check that the part operations runs "
                "(`coursemark doctor`), then `coursemark operations watch`."
            )
        for name, report in now.items():
            if name not in seen or seen[name].revision < report.revision:
                show(report)
            seen[name] = report
    return now


def how_to_watch(school: str, operation: str, *, begun: bool = True) -> None:
    """Say that it goes on without us; not ``begun``: that it may."""
    stands = "The operation goes on" if begun else "The operation may have begun, and goes on then"
    say(
        f"{stands}. Watch it again, or stop it:\n"
        f"  coursemark operations watch {operation} --school {school}\n"
        f"  coursemark operations cancel {operation} --school {school} --actor ADMIN"
    )
