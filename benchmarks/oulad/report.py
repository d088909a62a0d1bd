"""What came of the load, as tables."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.oulad.faults import Faults
from benchmarks.oulad.results import Results
from benchmarks.oulad.stack import Deaths


@dataclass
class Times:
    """Seconds: ``started`` for the stack; the others since the first command was sent."""

    started: float
    answered: float = 0.0
    in_views: float = 0.0
    on_kafka: float = 0.0


def say(
    console: Console,
    results: Results,
    times: Times,
    files: Sequence[Path],
    events: Counter[str],
    deaths: Deaths,
    faults: Faults,
) -> None:
    """Print all of it."""
    console.print(_results(results))
    console.print(_events(events))
    console.print(_rates(results.count, sum(events.values()), times))
    if faults.done:
        struck = ", ".join(f"{name} {count}" for name, count in sorted(faults.done.items()))
        console.print(f"faults: {struck}; processes that died: {deaths.counted.total()}")
        console.print(f"results that came more than once, each the same: {results.repeated:,}")
    for path in files:
        console.print(f"{path.name}: {rows(path):,} rows, sha256 {digest(path)}", soft_wrap=True)


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return sha256(path.read_bytes()).hexdigest()


def rows(path: Path) -> int:
    """How many lines a file has after its header."""
    with path.open("rb") as lines:
        return sum(1 for _ in lines) - 1


def _results(results: Results) -> Table:
    table = Table("command", "result", title="Results")
    table.add_column("number", justify="right")
    for (kind, outcome), count in sorted(results.counted.items()):
        table.add_row(kind, outcome, f"{count:,}")
    table.add_row("all", "", f"{results.counted.total():,}", style="bold")
    return table


def _events(events: Counter[str]) -> Table:
    table = Table("event", title="Events in the log")
    table.add_column("number", justify="right")
    for kind, count in sorted(events.items()):
        table.add_row(kind, f"{count:,}")
    table.add_row("all", f"{events.total():,}", style="bold")
    return table


def _rates(commands: int, events: int, times: Times) -> Table:
    table = Table("until", title=f"Times (the stack started in {times.started:.1f} s)")
    for name in ("seconds", "commands/s", "events/s"):
        table.add_column(name, justify="right")
    for name, seconds in (
        ("every command was answered", times.answered),
        ("every event was in the views", times.in_views),
        ("every event was on Kafka", times.on_kafka),
    ):
        rates = commands / seconds, events / seconds
        table.add_row(name, f"{seconds:.1f}", *(f"{rate:,.0f}" for rate in rates))
    return table
