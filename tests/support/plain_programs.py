"""Who completes which programme when, said as plainly as can be: sets, in the order of the log."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Completes(NamedTuple):
    learner: str
    course: str


class Resets(NamedTuple):
    """``reopens``: the course is open again."""

    learner: str
    course: str
    reopens: bool


class Restates(NamedTuple):
    """An undo: the course is complete again, or open; its first ``left`` completions count."""

    learner: str
    course: str
    complete: bool
    left: int


class Publishes(NamedTuple):
    program: str
    required: frozenset[str]


Step = Completes | Resets | Restates | Publishes
Award = tuple[str, str, str]
"""Learner, programme, cause."""


class Model:
    """All that there is to know; each step has a number."""

    def __init__(self) -> None:
        self.number = 0
        self.completions: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.complete: dict[str, set[str]] = defaultdict(set)
        self.programs: dict[str, tuple[int, frozenset[str]]] = {}
        self.awards: list[Award] = []

    def take(self, step: Step) -> None:
        self.number += 1
        match step:
            case Completes(learner, course):
                self.completions[learner, course].append(self.number)
                self.complete[learner].add(course)
                self._look(learner, course)
            case Resets(learner, course, reopens=True):
                self.complete[learner].discard(course)
            case Restates(learner, course, complete, left):
                had = self.complete[learner]
                had.add(course) if complete else had.discard(course)
                del self.completions[learner, course][left:]
                if complete:
                    self._look(learner, course)
            case Publishes(program, required):
                self.programs[program] = self.number, required
                for learner in sorted(self.complete):
                    self._award(learner, program)

    def _look(self, learner: str, course: str) -> None:
        for program in sorted(self.programs):
            if course in self.programs[program][1]:
                self._award(learner, program)

    def _award(self, learner: str, program: str) -> None:
        published, required = self.programs[program]
        had = (learner, program) in {it[:2] for it in self.awards}
        if not had and required <= self.complete[learner]:
            last = max(self.completions[learner, course][-1] for course in required)
            cause = "course" if last > published else "program_change"
            self.awards.append((learner, program, cause))


def awards(steps: Iterable[Step]) -> list[Award]:
    """In the order in which they are come to; those of one step by name."""
    model = Model()
    for step in steps:
        model.take(step)
    return model.awards
