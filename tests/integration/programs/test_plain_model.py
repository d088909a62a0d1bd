"""What is awarded is what a plain model says, however the part lags (B12)."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from contracts.topics import Stream
from tests.support.appended import Appender
from tests.support.awarding import completes, follow, found, publish
from tests.support.happened import activities_reset, reset_revoked
from tests.support.plain_programs import (
    Award,
    Completes,
    Model,
    Publishes,
    Resets,
    Restates,
    Step,
    awards,
)
from tests.support.programs import program
from tests.support.school import SCHOOL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.store.log import EventLog

COURSES = ("algae", "moss", "ferns")
LEARNERS = tuple(f"u-{n}" for n in range(4))


def drawn(rng: random.Random, count: int) -> list[Step]:
    """A history of some learners, courses and programmes."""
    steps: list[Step] = []
    known = Model()
    for _ in range(count):
        learner, course = rng.choice(LEARNERS), rng.choice(COURSES)
        required = frozenset(rng.sample(COURSES, rng.randint(1, 3)))
        one: list[Step] = [
            *[Completes(learner, course)] * 6,
            *[Resets(learner, course, rng.random() < 0.7)] * 3,
            *[_undo(rng, known, learner, course)] * 2,
            Publishes(rng.choice(("p", "q")), required),
        ]
        steps.append(rng.choice(one))
        known.take(steps[-1])
    return steps


def _undo(rng: random.Random, known: Model, learner: str, course: str) -> Restates:
    """It leaves some of the completions, and the course complete or not."""
    left = rng.randint(0, len(known.completions[learner, course]))
    return Restates(learner, course, left > 0 and rng.random() < 0.7, left)


async def append(appender: Appender, steps: Sequence[Step]) -> None:
    versions: dict[str, int] = {}
    for step in steps:
        match step:
            case Completes(learner, course):
                await completes(appender, learner, course)
            case Resets(learner, course, reopens):
                reset = activities_reset("a", reopens=reopens)
                await appender.happened(reset, to=Stream(SCHOOL, learner, course))
            case Restates(learner, course, complete, left):
                undo = reset_revoked(1, complete=complete, completions=left)
                await appender.happened(undo, to=Stream(SCHOOL, learner, course))
            case Publishes(name, required):
                versions[name] = versions.get(name, 0) + 1
                structure = program(*sorted(required), program=name, version=versions[name])
                await publish(appender, structure)


def by_learner(awarded: list[Award]) -> dict[str, list[tuple[str, str]]]:
    return {
        learner: [(program, cause) for whose, program, cause in awarded if whose == learner]
        for learner in LEARNERS
    }


@pytest.mark.parametrize("seed", range(6))
async def test_b12_it_is_what_a_plain_model_says_however_it_lags(log: EventLog, seed: int) -> None:
    """In pages of any size, with more of the log coming in between or all at once."""
    rng = random.Random(seed)
    steps, appender, done = drawn(rng, 60), Appender(log), 0
    while done < len(steps):
        some = rng.choice((1, 5, 60))
        await append(appender, steps[done : done + some])
        done += some
        await follow(log, limit=rng.choice((1, 3, 100)), streams=rng.choice((1, 4, 100)))
    awarded = [(it.learner, it.program, str(it.cause)) for it in await found(log)]
    assert by_learner(awarded) == by_learner(awards(steps))
    assert awarded
