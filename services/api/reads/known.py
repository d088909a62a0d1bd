"""Ids in an address: what is not there, and what is another school's, is told alike."""

from typing import Annotated

from fastapi import Path

from contracts.fields import ID_PATTERN
from services.api.standing import Standing
from services.http.problems import Problem
from services.store.people import people

Learner = Annotated[str, Path(pattern=ID_PATTERN, description="The learner's id.")]
Course = Annotated[str, Path(pattern=ID_PATTERN, description="The course's id.")]
Program = Annotated[str, Path(pattern=ID_PATTERN, description="The learning programme's id.")]


async def check_known(standing: Standing, school: str, learner: str) -> None:
    """Of a learner of whom nothing was found: whether the directory knows them.

    Raises:
        Problem: 404.
    """
    if learner not in await people(standing.log.pool, school, [learner]):
        raise unknown_learner()


def unknown_learner() -> Problem:
    """404."""
    return Problem(
        404,
        "unknown_learner",
        "The school has no such learner; check the id, or wait until the directory has them.",
    )


def unknown_search() -> Problem:
    """404."""
    return Problem(
        404, "unknown_search", "The school has no saved search of that name; see /v1/searches."
    )


def no_record() -> Problem:
    """404: nothing is recorded of the learner in the course, whether or not there are such."""
    return Problem(
        404,
        "no_record",
        "Nothing is recorded of such a learner in such a course; check the ids, or enrol them.",
    )
