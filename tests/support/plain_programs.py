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
    """An undo: the course is complete again, or open; nothing is awarded for that."""

    learner: str
    course: str
    complete: bool


class Publishes(NamedTuple):
    program: str
    required: frozenset[str]


Step = Completes | Resets | Restates | Publishes
Award = tuple[str, str, str]
"""Learner, programme, cause."""


class Model:
    """All that there is to know."""

    def __init__(self) -> None:
        self.complete: dict[str, set[str]] = defaultdict(set)
        self.programs: dict[str, frozenset[str]] = {}
        self.awards: list[Award] = []

    def take(self, step: Step) -> None:
        match step:
            case Completes(learner, course):
                self.complete[learner].add(course)
                for program in sorted(self.programs):
                    if course in self.programs[program]:
                        self._look(learner, program, "course")
            case Resets(learner, course, reopens=True):
                self.complete[learner].discard(course)
            case Restates(learner, course, complete):
                had = self.complete[learner]
                had.add(course) if complete else had.discard(course)
            case Publishes(program, required):
                self.programs[program] = required
                for learner in sorted(self.complete):
                    self._look(learner, program, "program_change")

    def _look(self, learner: str, program: str, cause: str) -> None:
        had = (learner, program) in {it[:2] for it in self.awards}
        if not had and self.programs[program] <= self.complete[learner]:
            self.awards.append((learner, program, cause))


def awards(steps: Iterable[Step]) -> list[Award]:
    """In the order in which they are come to; those of one step by name."""
    model = Model()
    for step in steps:
        model.take(step)
    return model.awards
