"""When a learner has completed a learning programme: once, and for ever (B12)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from contracts.catalog import LearningProgram
from contracts.events import CourseCompleted, LearningProgramCompleted, ProgressReset

Cause = Literal["course", "program_change"]


class Program(NamedTuple):
    """As much of a version of a learning programme as counts; ``required`` courses in order."""

    school: str
    program: str
    version: int
    required: tuple[str, ...]


def program_of(structure: LearningProgram) -> Program:
    """The structure as the rules take it."""
    required = tuple(it.course for it in structure.courses if it.required)
    return Program(structure.school, structure.program, structure.version, required)


def completion(
    before: CourseCompleted | None, event: CourseCompleted | ProgressReset
) -> CourseCompleted | None:
    """A course's completion after one more event of its stream; none: it is not complete."""
    if isinstance(event, CourseCompleted):
        return event
    return None if event.activities is None or event.reopens_course else before


def decide(
    program: Program,
    completed: Sequence[CourseCompleted],
    awarded: Collection[str],
    cause: Cause,
    at: datetime,
) -> LearningProgramCompleted | None:
    """The programme's completion, where a learner has just come to it.

    ``completed``: the learner's courses that are complete now, in the order of the log;
    ``awarded``: the programmes that they have completed before, whatever was reset since;
    ``at``: when it is written down.
    """
    required = set(program.required)
    counted = [it for it in completed if it.course in required]
    if program.program in awarded or len(counted) < len(required):
        return None
    last = counted[-1]
    return LearningProgramCompleted(
        school=program.school,
        learner=last.learner,
        program=program.program,
        program_version=program.version,
        courses=program.required,
        provenance=last.provenance,
        manually_completed=last.manually_completed,
        cause=cause,
        command_id=last.command_id,
        correlation_id=last.correlation_id,
        batch_id=last.batch_id,
        source=last.source,
        recorded_at=at,
        effective_at=max(it.effective_at for it in counted),
    )
