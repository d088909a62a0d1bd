"""What brought the learners to where they stand, and what some of them do between. Pure."""

from collections.abc import Iterator
from typing import Any

from benchmarks.previews import school
from benchmarks.previews.school import FIRST_AID, HARBOUR, SAFETY
from contracts.commands import (
    WHOLE_COURSE,
    Command,
    EnrollLearner,
    Join,
    MarkComplete,
    RecordActivity,
    ResetProgress,
    Submission,
    UnenrollLearner,
    Visit,
)


def before(size: int) -> Iterator[Command]:
    """Of every learner, in the order of each."""
    for group in school.GROUPS:
        for number in range(size):
            name = school.learner(group, number)
            yield from _safety(name, school.safety(number))
            yield from _first_aid(name, school.stands(number))


def visit(name: str, activity: str, course: str = FIRST_AID) -> Command:
    return _did(name, course, activity, Visit())


def reset(name: str, *activities: str) -> Command:
    """An administrator's, of these or of the whole course."""
    return ResetProgress(**_asked(name), activities=activities or WHOLE_COURSE)


def _safety(name: str, stands: int) -> Iterator[Command]:
    if stands:
        yield EnrollLearner(school=HARBOUR, learner=name, course=SAFETY)
    if stands == school.SAFE:
        yield visit(name, "film", SAFETY)
        yield _did(name, SAFETY, "form", Submission())


def _first_aid(name: str, stands: int) -> Iterator[Command]:
    if stands == school.NOWHERE:
        return
    yield EnrollLearner(school=HARBOUR, learner=name, course=FIRST_AID)
    if stands == school.REOPENED:
        yield MarkComplete(**_asked(name), activities=WHOLE_COURSE, send_completion_email=True)
        yield reset(name, "quiz")
        return
    if stands >= school.HAS_READ:
        yield visit(name, "read")
    if stands == school.LEFT:
        yield UnenrollLearner(school=HARBOUR, learner=name, course=FIRST_AID)
        return
    if stands >= school.HAS_PASSED:
        yield _did(name, FIRST_AID, "quiz", Submission(score=60 + stands))
    if stands >= school.COMPLETE:
        yield _did(name, FIRST_AID, "practical", Join())
    if stands == school.RESET:
        yield reset(name)


def _did(name: str, course: str, activity: str, signal: Any) -> Command:
    return RecordActivity(
        school=HARBOUR, learner=name, course=course, activity=activity, signal=signal
    )


def _asked(name: str) -> dict[str, Any]:
    return {"school": HARBOUR, "learner": name, "course": FIRST_AID, "actor": school.DEAN}
