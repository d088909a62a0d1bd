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


class Program(NamedTuple):
    """A programme at its latest version: ``courses`` in order, those of them that are required."""

    program: str
    title: str | None
    version: int
    courses: Sequence[str]
    required: Sequence[str]
    completed: int
    published_at: datetime


class ProgramLearnerLine(NamedTuple):
    """A learner in a programme: ``completed`` of ``required`` courses are complete now.

    What follows is of the programme's own completion; none where there is none yet.
    """

    learner: str
    required: int
    completed: int
    provenance: Provenance | None
    manually_completed: bool
    completed_at: datetime | None
    recorded_at: datetime | None
    completed_version: int | None


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

    async def of_school(
        self, school: str, *, after: str = "", limit: int | None = None
    ) -> list[ProgramLine]:
        """A school's programmes, in order of their ids; all, or so many after one."""
        rows = await self._pool.fetch(_query("of_school"), school, after, limit)
        return [ProgramLine(*row) for row in rows]

    async def one(self, school: str, program: str) -> Program | None:
        """A programme, none where the school has no such."""
        row = await self._pool.fetchrow(_query("one"), school, program)
        return None if row is None else Program(*row)

    async def learners(
        self, school: str, program: str, *, after: str = "", limit: int
    ) -> list[ProgramLearnerLine]:
        """Who has completed it or has a record in a course of it: so many after one, by id."""
        rows = await self._pool.fetch(_query("learners"), school, program, after, limit)
        return [ProgramLearnerLine(*row) for row in rows]

    async def of_learner(self, school: str, learner: str) -> list[LearnerProgramLine]:
        """The programmes that the learner has completed, or has a record in a course of."""
        rows = await self._pool.fetch(_query("of_learner"), school, learner)
        return [LearnerProgramLine._make((*row[:5], row[5] or [], *row[6:])) for row in rows]


def _query(name: str) -> str:
    return statement("projections.programs", f"queries/{name}")
