"""Course structures, commands and circumstances, drawn by Hypothesis.

Activities are a to d; a structure has some of them, and z is in none. What is usual is drawn
most often, so that a history goes somewhere.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from contracts.catalog import Activity, CompletionRules, CourseStructure, Section
from tests.support import school
from tests.support.plain_answers import Facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn, SearchStrategy

    from contracts.commands import Command, RecordActivity

IDS = "abcd"
RULES = [
    CompletionRules(visited=True),
    CompletionRules(submitted=True),
    CompletionRules(passed=50),
    CompletionRules(min_time=90),
    CompletionRules(visited=True, min_time=60),
    CompletionRules(submitted=True, passed=70, joined=True),
    CompletionRules(joined=True, claimed=True),
    CompletionRules(claimed=True),
    CompletionRules(),
]
TYPES = ["video", "form", "exam", "certificate", "scorm"]
SCORES = st.none() | st.sampled_from([0.0, 30.0, 49.99, 50.0, 70.0, 100.0])
SECONDS = st.sampled_from([1, 30, 60, 90])
FACTS = st.sampled_from(
    [Facts()] * 14
    + [Facts(plan="free"), Facts(plan=None), Facts(course_known=False), Facts(learner_known=False)]
    + [Facts(level=level) for level in ("instructor", "user", None)]
)
SINCE = st.sampled_from(
    [None] * 12
    + [timedelta(days=-days) for days in (1, 3, 9)]
    + [timedelta(minutes=5), timedelta(minutes=6)]
)
"""From now to `effective_at`; none: it is left out."""

ACTORS = st.sampled_from([None, None, school.ADMINISTRATOR, school.LEARNER])
"""Who enrols or unenrols the learner; none: the platform itself."""

BACK = st.sampled_from([1, 1, 1, 2, 2, 3, 4, 6, 9])
"""Which of the last commands is undone."""

one_id = st.sampled_from(IDS)
any_id = st.sampled_from(IDS * 6 + "z")
some_ids = st.lists(any_id, min_size=1, max_size=4, unique=True)
done_before = st.lists(one_id, max_size=4, unique=True)
emails = st.booleans()


@st.composite
def structures(draw: DrawFn) -> CourseStructure:
    """A structure of one to three sections."""
    kept = draw(st.sampled_from([4, 4, 4, 3, 3, 2]))
    ids = draw(st.permutations(IDS))[:kept]
    required = draw(st.lists(st.booleans(), min_size=len(ids), max_size=len(ids)))
    activities = [
        Activity(
            activity=id_,
            type=draw(st.sampled_from(TYPES)),
            required=needed or not any(required),
            rules=draw(st.sampled_from(RULES)),
            prerequisites=draw(_earlier_in_the_alphabet(id_, ids)),
        )
        for id_, needed in zip(ids, required, strict=True)
    ]
    return CourseStructure(
        school=school.SCHOOL,
        course=school.COURSE,
        version=1,
        access=draw(st.sampled_from(["free", "free", "sequential", "prerequisites", "drip_feed"])),
        sections=draw(_sections(activities)),
    )


def _earlier_in_the_alphabet(id_: str, ids: list[str]) -> SearchStrategy[tuple[str, ...]]:
    """So that they go in no circle."""
    earlier = [other for other in ids if other < id_]
    if not earlier:
        return st.just(())
    return st.lists(st.sampled_from(earlier), max_size=2, unique=True).map(tuple)


@st.composite
def _sections(draw: DrawFn, activities: list[Activity]) -> tuple[Section, ...]:
    cuts = sorted(
        {0, len(activities), *draw(st.lists(st.integers(0, len(activities)), max_size=2))}
    )
    return tuple(
        Section(
            section=f"s{start}",
            activities=tuple(activities[start:end]),
            opens_after_days=draw(st.none() | st.integers(0, 4)),
            opens_at=draw(st.none() | st.integers(0, 20).map(school.day)),
        )
        for start, end in pairwise(cuts)
    )


def learners() -> SearchStrategy[RecordActivity]:
    """What the player reports."""
    return st.one_of(
        st.builds(school.visit, any_id),
        st.builds(school.submit, any_id, SCORES),
        st.builds(school.spend, any_id, SECONDS),
        st.builds(school.join, any_id),
        st.builds(school.claim, any_id),
    )


def administrators() -> SearchStrategy[Command]:
    """What an administrator asks for."""
    return st.one_of(
        st.builds(lambda ids, email: school.mark(*ids, email=email), some_ids, emails),
        st.builds(lambda email: school.mark(email=email), emails),
        st.builds(school.import_, any_id, email=emails, score=SCORES),
        st.builds(lambda email, score: school.import_(email=email, score=score), emails, SCORES),
        some_ids.map(lambda ids: school.reset(*ids)),
        st.builds(school.reset),
    )


def anybody() -> SearchStrategy[Command]:
    """The platform may have to evaluate the course."""
    return learners() | administrators() | st.builds(school.evaluate)


def edited(structure: CourseStructure, requires: Callable[[Activity], bool]) -> CourseStructure:
    """The structure with just those activities required; as it was where that would be none."""
    if not any(map(requires, structure.activities())):
        return structure
    return _with_activities(
        structure, lambda each: (each.model_copy(update={"required": requires(each)}),)
    )


def without(structure: CourseStructure, gone: Callable[[Activity], bool]) -> CourseStructure:
    """The structure without those activities; as it was where nothing required would be left.

    Prerequisites go too, which might name one that is gone.
    """
    if all(gone(each) or not each.required for each in structure.activities()):
        return structure
    free = {"prerequisites": ()}
    return _with_activities(
        structure, lambda each: () if gone(each) else (each.model_copy(update=free),)
    )


def _with_activities(
    structure: CourseStructure, edit: Callable[[Activity], tuple[Activity, ...]]
) -> CourseStructure:
    sections = tuple(
        section.model_copy(
            update={"activities": tuple(kept for each in section.activities for kept in edit(each))}
        )
        for section in structure.sections
    )
    return structure.model_copy(update={"sections": sections})
