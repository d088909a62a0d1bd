"""The catalog: course structures as a school's authoring system publishes them."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .fields import (
    MAX_COURSE_ACTIVITIES,
    MAX_PROGRAM_COURSES,
    ActivityId,
    CourseId,
    Instant,
    Label,
    ProgramId,
    SchoolId,
    Score,
    SectionId,
)
from .model import Contract

Access = Literal["free", "sequential", "prerequisites", "drip_feed"]
_SHOWN = 4
"""Ids of a circle that an error names before it goes on with dots."""


class CompletionRules(Contract):
    """What completes an activity by itself: all that are set must hold.

    With none set, only an administrator completes it.
    """

    visited: bool = Field(False, description="The learner opened it.")
    joined: bool = Field(False, description="The learner joined the live session.")
    submitted: bool = Field(False, description="The learner submitted it, passed or not.")
    claimed: bool = Field(False, description="The learner claimed the certificate.")
    passed: Score | None = Field(None, description="The pass mark, 0 to 100 points.")
    min_time: Annotated[int, Field(ge=1)] | None = Field(
        None, description="The least time spent, in seconds."
    )


class Activity(Contract):
    """One thing to do in a course."""

    activity: ActivityId
    title: Label | None = None
    type: Label = Field(description="video, form, exam, ... or any string a school uses.")
    required: bool = Field(True, description="Counts for the progress of the course.")
    rules: CompletionRules = CompletionRules()
    prerequisites: tuple[ActivityId, ...] = Field(
        (), description="Activities that open this one; applied where access is prerequisites."
    )


class Section(Contract):
    """Activities in order; the two dates are applied where access is drip_feed."""

    section: SectionId
    title: Label | None = None
    opens_after_days: Annotated[int, Field(ge=0, le=36_500)] | None = Field(
        None, description="Days after the learner's enrolment."
    )
    opens_at: Instant | None = Field(None, description="The same instant for everybody.")
    activities: tuple[Activity, ...] = Field(description="In order; 10,000 in a whole course.")


class CourseStructure(Contract):
    """A course's sections and activities, in order, at one version.

    A higher version replaces a lower one; a version that is not higher than the one
    already known changes nothing.
    """

    school: SchoolId
    course: CourseId
    version: Annotated[int, Field(ge=1, le=2**53)] = Field(
        description="Rises with each publication, by any step."
    )
    title: Label | None = None
    access: Access = Field("free", description="Which rule opens activities to a learner.")
    sections: Annotated[tuple[Section, ...], Field(min_length=1, max_length=1_000)] = Field(
        description="In order, 1 to 1,000."
    )

    def activities(self) -> Iterator[Activity]:
        """Every activity, in the order of the course."""
        for section in self.sections:
            yield from section.activities

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        _refuse_twice("section", [s.section for s in self.sections])
        ids = [a.activity for a in self.activities()]
        if len(ids) > MAX_COURSE_ACTIVITIES:
            raise ValueError(
                f"has {len(ids):,} activities; split it into courses of at most "
                f"{MAX_COURSE_ACTIVITIES:,}"
            )
        _refuse_twice("activity", ids)
        if not any(a.required for a in self.activities()):
            raise ValueError("has no required activity; make at least one required")
        self._refuse_unknown_or_circular_prerequisites(set(ids))
        return self

    def _refuse_unknown_or_circular_prerequisites(self, known: set[str]) -> None:
        for activity in self.activities():
            unknown = sorted(set(activity.prerequisites) - known)
            if unknown:
                raise ValueError(
                    f"activity {activity.activity} has a prerequisite that the course does not "
                    f"have: {unknown[0]}; add it or take it out"
                )
        try:
            TopologicalSorter({a.activity: a.prerequisites for a in self.activities()}).prepare()
        except CycleError as error:
            circle = _shortened(error.args[1])
            raise ValueError(f"prerequisites go in a circle: {circle}; take one out") from None


class ProgramCourse(Contract):
    """A course of a learning programme."""

    course: CourseId
    required: bool = Field(True, description="Has to be complete for the programme to be.")


class LearningProgram(Contract):
    """A learning programme's courses, in order, at one version (B12).

    Its Kafka key is ``school/~programs/program``, so that a course of the same id keeps its own.
    A higher version replaces a lower one; nothing that was awarded is taken back.
    """

    school: SchoolId
    program: ProgramId
    version: Annotated[int, Field(ge=1, le=2**53)] = Field(
        description="Rises with each publication, by any step."
    )
    title: Label | None = None
    courses: Annotated[
        tuple[ProgramCourse, ...], Field(min_length=1, max_length=MAX_PROGRAM_COURSES)
    ] = Field(description="In order, 1 to 1,000.")

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        _refuse_twice("course", [c.course for c in self.courses])
        if not any(c.required for c in self.courses):
            raise ValueError("has no required course; make at least one required")
        return self


def _shortened(circle: list[str]) -> str:
    shown = circle if len(circle) <= _SHOWN + 1 else [*circle[:_SHOWN], "…", circle[-1]]
    return " → ".join(shown)


def _refuse_twice(what: str, ids: list[str]) -> None:
    seen: set[str] = set()
    for id_ in ids:
        if id_ in seen:
            raise ValueError(f"has {what} {id_} twice; give each an id of its own")
        seen.add(id_)
