"""Figures beside their peers: medians and ratios, a table for a person, JSON for programs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

DISTURBED = 5.0
"""Per cent of the processors that others may take."""


@dataclass(frozen=True)
class Measured:
    """One contender of a figure, with the value of every round."""

    name: str
    rounds: Sequence[float]

    @property
    def median(self) -> float:
        """The middle of the rounds."""
        return median(self.rounds)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One row of the table; the first of ``beside`` is the peer that a ratio is asked against.

    ``at_least`` and ``at_most`` are in ``unit``; ``required_ratio`` is ours to the peer's.
    """

    title: str
    unit: str
    goal: str
    ours: Measured
    beside: Sequence[Measured] = ()
    at_least: float | None = None
    at_most: float | None = None
    required_ratio: float | None = None
    raw: Mapping[str, Any] = field(default_factory=dict)

    def ratios(self) -> list[float]:
        """Ours to each of those beside it."""
        return [self.ours.median / other.median for other in self.beside]

    def met(self) -> bool:
        """Whether every part of the goal holds for the medians."""
        ours = self.ours.median
        return (
            (self.at_least is None or ours >= self.at_least)
            and (self.at_most is None or ours <= self.at_most)
            and (self.required_ratio is None or self.ratios()[0] >= self.required_ratio)
        )

    def to_json(self) -> dict[str, Any]:
        """Everything, medians and ratios worked out."""
        return {
            "title": self.title,
            "unit": self.unit,
            "goal": self.goal,
            "met": self.met(),
            "ours": _measured(self.ours),
            "beside": [
                {**_measured(other), "ratio": round(ratio, 4)}
                for other, ratio in zip(self.beside, self.ratios(), strict=True)
            ],
            "raw": dict(self.raw),
        }


def _measured(measured: Measured) -> dict[str, Any]:
    return {
        "name": measured.name,
        "median": round(measured.median, 3),
        "rounds": [round(value, 3) for value in measured.rounds],
    }


def write(file: Path, figures: Sequence[Figure], machine: Mapping[str, Any]) -> None:
    """Write figures and machine as JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    body = {"machine": machine, "figures": [figure.to_json() for figure in figures]}
    file.write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def show(figures: Sequence[Figure], machine: Mapping[str, Any], console: Console) -> None:
    """Print the table, and under it what it was measured on."""
    table = Table(title="Coursemark, and beside it its peers", title_justify="left")
    table.add_column("figure")
    for heading in ("median", "rounds", "ours is"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("goal")
    for figure in figures:
        verdict = "trial" if machine["short"] else _verdict(figure)
        median_, rounds = _shown(figure.ours, figure.unit)
        table.add_row(f"[bold]{figure.title}[/]", median_, rounds, verdict, figure.goal)
        for other, ratio in zip(figure.beside, figure.ratios(), strict=True):
            table.add_row(f"  {other.name}", *_shown(other, figure.unit), f"{ratio:,.2f}x", "")
        table.add_section()
    console.print(table)
    console.print(_footing(machine), highlight=False)


def _verdict(figure: Figure) -> str:
    return "[green]met[/]" if figure.met() else "[red]not met[/]"


def _footing(machine: Mapping[str, Any]) -> str:
    hardware, versions = machine["hardware"], machine["versions"]
    durable = machine["durability"]["postgresql"]
    hardware_line = (
        f"{hardware['cores']} cores of {hardware['cpu']}, {hardware['memory_gib']} GiB, "
        f"{hardware['filesystem']}, fdatasync {hardware['fdatasync_ms']['p50']} ms"
    )
    versions_line = (
        f"PostgreSQL {versions['postgresql']}: fsync {durable['fsync']}, "
        f"synchronous_commit {durable['synchronous_commit']}; {versions['kafka']}: "
        f"{machine['durability']['kafka']}; Python {versions['python']}"
    )
    return f"{_disturbed(machine['busy_percent'])}{hardware_line}\n{versions_line}"


def _disturbed(busy: float) -> str:
    if busy < DISTURBED:
        return ""
    return (
        f"[yellow]Others took {busy:.0f} % of the processors before it began: the figures are too "
        "low.[/] Run it on a machine that does nothing else.\n"
    )


def _shown(measured: Measured, unit: str) -> tuple[str, str]:
    """The median with its unit, and the range of the rounds."""
    low, high = min(measured.rounds), max(measured.rounds)
    return f"{_number(measured.median)} {unit}", f"{_number(low)} - {_number(high)}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"
