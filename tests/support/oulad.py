"""The Open University's data where they are, and their commands through the rules in memory."""

from __future__ import annotations

import csv
import gzip
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.oulad import mapping, rows
from contracts.commands import AdministratorCommand
from contracts.directory import School, User
from contracts.registry import name_of
from contracts.topics import Stream
from services.domain.course import Course
from services.domain.decide import decide
from services.domain.decision import Accepted, Context, Refused
from services.domain.evolve import fold
from services.domain.state import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from benchmarks.oulad.source import Tables
    from contracts.commands import Command
    from contracts.events import Event
    from contracts.fields import RoleLevel
    from services.domain.decision import Decision
    from services.domain.state import Progress

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FILES = (
    "courses",
    "assessments",
    "vle",
    "studentRegistration",
    "studentAssessment",
    "studentInfo",
)
"""In the order of ``Tables``."""
_BESIDE = Path(__file__).parents[2].parent / "shared" / "data" / "oulad"


def folder() -> Path | None:
    """The folder of the data: COURSEMARK_OULAD, or the one beside the repository, or none."""
    named = os.environ.get("COURSEMARK_OULAD")
    if named:
        return Path(named)
    return _BESIDE if _BESIDE.is_dir() else None


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write made-up tables, each under its file's name without the endings, and a folder for them.

    Cells are parted by spaces, so that a test reads as a table.
    """
    folder.mkdir(exist_ok=True)
    for name, table in files.items():
        with gzip.open(folder / f"{name}.csv.gz", "wt", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(line.split() for line in table.strip().splitlines())
    return folder


def write_rows(folder: Path, tables: Tables) -> Path:
    """Write tables that were read, or a part of them, as files again."""
    for name, lines in zip(FILES, tables, strict=True):
        with gzip.open(folder / f"{name}.csv.gz", "wt", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(lines[0]))
            writer.writeheader()
            writer.writerows(lines)
    return folder


def sample(tables: Tables, learners: int, seed: int) -> Tables:
    """The tables with some of the learners alone."""
    everybody = sorted({row["id_student"] for row in tables.registrations})
    chosen = set(random.Random(seed).sample(everybody, learners))
    return tables._replace(
        registrations=[row for row in tables.registrations if row["id_student"] in chosen],
        submissions=[row for row in tables.submissions if row["id_student"] in chosen],
    )


@dataclass
class Outcome:
    """What the rules made of the commands, in the shape of ``benchmarks.oulad.expected``."""

    progress: list[rows.Cells] = field(default_factory=list)
    activities: list[rows.Cells] = field(default_factory=list)
    results: Counter[tuple[str, str]] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)


def replay(tables: Tables, *, vle: bool = False) -> Outcome:
    """Decide and fold every command, each learner and course by itself."""
    outcome, around = Outcome(), _Around(tables, vle=vle)
    for stream, group in groupby(mapping.commands(tables), key=_stream):
        state = _play(group, around, outcome)
        outcome.progress.append(rows.progress_row(stream, state, around.courses[stream.course]))
        outcome.activities.extend(rows.activity_rows(stream, state))
    outcome.progress.sort(key=rows.in_order)
    outcome.activities.sort(key=rows.in_order)
    return outcome


class _Around:
    """The facts around a command, from the catalog and the directory that are sent before."""

    def __init__(self, tables: Tables, *, vle: bool) -> None:
        self.courses = {s.course: Course(s, NOW) for s in mapping.catalog(tables, vle=vle)}
        self.plan: str | None = None
        self.levels: dict[str, RoleLevel] = {}
        for record in mapping.directory(tables):
            match record:
                case School():
                    self.plan = record.plan
                case User():
                    self.levels[record.user] = record.role_level

    def context(self, command_id: str, command: Command) -> Context:
        actor = command.actor if isinstance(command, AdministratorCommand) else ""
        return Context(
            command_id=command_id,
            recorded_at=NOW,
            course=self.courses.get(command.course),
            plan=self.plan,
            actor_level=self.levels.get(actor),
            learner_known=command.learner in self.levels,
        )


def _stream(named: tuple[str, Command]) -> Stream:
    _, command = named
    return Stream(command.school, command.learner, command.course)


def _play(named: Iterable[tuple[str, Command]], around: _Around, outcome: Outcome) -> Progress:
    state = NOTHING
    for command, decision in _decided(named, around):
        if isinstance(decision, Refused):
            outcome.results[name_of(command), decision.code] += 1
            continue
        outcome.results[name_of(command), "accepted"] += 1
        outcome.events.update(map(name_of, decision.events))
        state = fold(state, decision.events)
    return state


def happened(tables: Tables) -> Iterator[tuple[Stream, list[Event]]]:
    """The events of each learner and course, as the rules decide them."""
    around = _Around(tables, vle=False)
    for stream, group in groupby(mapping.commands(tables), key=_stream):
        decisions = [decision for _, decision in _decided(group, around)]
        yield stream, [event for it in decisions if isinstance(it, Accepted) for event in it.events]


def _decided(
    named: Iterable[tuple[str, Command]], around: _Around
) -> Iterator[tuple[Command, Decision]]:
    state = NOTHING
    for command_id, command in named:
        decision = decide(state, command, around.context(command_id, command))
        if isinstance(decision, Accepted):
            state = fold(state, decision.events)
        yield command, decision
