"""When a learner has completed a learning programme: once, and for ever (B12)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple, TypeGuard

from contracts.catalog import LearningProgram
from contracts.events import (
    CompletionRevoked,
    CourseCompleted,
    EnrolmentRevoked,
    LearningProgramCompleted,
    Logged,
    ProgressReset,
    ResetRevoked,
    Revoked,
)

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


Decisive = CourseCompleted | ProgressReset | CompletionRevoked | ResetRevoked | EnrolmentRevoked
"""Events of a course that say whether it is complete."""


def completes(event: Logged) -> TypeGuard[Decisive]:
    """Whether a course is complete with the event, for the first time or again (B7)."""
    return isinstance(event, CourseCompleted) or (
        isinstance(event, Revoked) and event.completion is not None
    )


def standing(events: Iterable[Decisive]) -> CourseCompleted | None:
    """The completion of a course that stands after these events of its stream; none: it is open.

    An undo leaves the first completions: those after what it took back went with it.
    """
    completions: list[CourseCompleted] = []
    stands = False
    for event in events:
        if isinstance(event, CourseCompleted):
            completions.append(event)
            stands = True
        elif isinstance(event, Revoked):
            del completions[event.completions :]
            stands = event.completion is not None
        elif event.activities is None or event.reopens_course:
            stands = False
    return completions[-1] if stands and completions else None


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
