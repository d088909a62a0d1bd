"""Reads of learning programmes: those of a school, and a learner's with how far they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg

from contracts.fields import Provenance
from projections.sql import statement


class ProgramLine(NamedTuple):
    """A programme at its latest version; ``completed`` counts the learners who ever were."""

    program: str
    title: str | None
    version: int
    courses: int
    required: int
    completed: int
    published_at: datetime


class LearnerProgramLine(NamedTuple):
    """A learner in a programme: ``completed`` of ``required`` courses are complete now.

    What follows ``missing`` is of the programme's own completion, which stands whatever is reset
    or required later; none where there is none yet.
    """

    program: str
    title: str | None
    version: int
    required: int
    completed: int
    missing: Sequence[str]
    provenance: Provenance | None
    manually_completed: bool
    cause: str | None
    completed_at: datetime | None
    recorded_at: datetime | None
    completed_version: int | None


class ProgramsView:
    """The view as it is now, beside that of progress; ``pool`` reaches their database."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def of_school(self, school: str) -> list[ProgramLine]:
        """A school's programmes, in order of their ids."""
        return [ProgramLine(*row) for row in await self._pool.fetch(_query("of_school"), school)]

    async def of_learner(self, school: str, learner: str) -> list[LearnerProgramLine]:
        """The programmes that the learner has completed, or has a record in a course of."""
        rows = await self._pool.fetch(_query("of_learner"), school, learner)
        return [LearnerProgramLine._make((*row[:5], row[5] or [], *row[6:])) for row in rows]


def _query(name: str) -> str:
    return statement("projections.programs", f"queries/{name}")
