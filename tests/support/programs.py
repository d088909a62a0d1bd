"""Learning programmes for specs: a programme of the made-up school, and who has completed it."""

from __future__ import annotations

from typing import Any

from contracts.catalog import LearningProgram, ProgramCourse
from contracts.events import LearningProgramCompleted, LearningProgramPublished
from tests.support.school import LEARNER, SCHOOL, day

PROGRAM = "p-green"


def program(*required: str, optional: tuple[str, ...] = (), **fields: Any) -> LearningProgram:
    """A programme of these courses, the optional ones last."""
    courses = [ProgramCourse(course=id_) for id_ in required]
    courses += [ProgramCourse(course=id_, required=False) for id_ in optional]
    usual = {"school": SCHOOL, "program": PROGRAM, "version": 1}
    return LearningProgram(**usual | fields, courses=tuple(courses))


def published(structure: LearningProgram, on: float = 0) -> LearningProgramPublished:
    """The event that the programme's stream holds."""
    return LearningProgramPublished(
        school=structure.school,
        program=structure.program,
        program_version=structure.version,
        structure=structure,
        recorded_at=day(on),
    )


def awarded(**fields: Any) -> LearningProgramCompleted:
    """A programme that a learner has completed."""
    usual: dict[str, Any] = {
        "school": SCHOOL,
        "learner": LEARNER,
        "program": PROGRAM,
        "program_version": 1,
        "courses": ("biology-1",),
        "provenance": "earned",
        "manually_completed": False,
        "cause": "course",
        "command_id": "c-0",
        "source": "kafka",
        "recorded_at": day(1),
        "effective_at": day(1),
    }
    return LearningProgramCompleted(**usual | fields)
