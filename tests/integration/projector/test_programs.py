"""Learning programmes in the views: structures, completions, how far a learner is (B12, B10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts.topics import Stream, awards_stream, program_stream
from tests.support.happened import course_completed, course_reset, enrolled
from tests.support.programs import PROGRAM, awarded, program, published
from tests.support.school import LEARNER, SCHOOL, activity, course, day

if TYPE_CHECKING:
    from contracts.catalog import LearningProgram
    from contracts.events import LearningProgramCompleted, LearningProgramPublished
    from services.views.programs import LearnerProgramLine
    from tests.support.views import ViewSpec

Logged = tuple[str, "LearningProgramPublished | LearningProgramCompleted"]


def structure(it: LearningProgram) -> Logged:
    return program_stream(it.school, it.program), published(it)


def award(**fields: Any) -> Logged:
    event = awarded(**fields)
    return awards_stream(event.school, event.learner), event


def of(name: str) -> Stream:
    return Stream(SCHOOL, LEARNER, name)


async def mine(view: ViewSpec, learner: str = LEARNER) -> dict[str, LearnerProgramLine]:
    return {it.program: it for it in await view.programs.of_learner(SCHOOL, learner)}


async def test_b12_a_programme_has_its_latest_structure(view: ViewSpec) -> None:
    await view.logged(
        structure(program("algae", "moss", optional=("ferns",))),
        structure(program("moss", optional=("ferns",), version=4, title="Green")),
        structure(program("algae", program="p-blue")),
    )
    found = await view.programs.of_school(SCHOOL)
    assert [(it.program, it.title, it.version, it.courses, it.required) for it in found] == [
        ("p-blue", None, 1, 1, 1),
        (PROGRAM, "Green", 4, 2, 1),
    ]


async def test_b12_a_learner_sees_how_far_they_are_in_what_they_began(view: ViewSpec) -> None:
    await view.logged(
        structure(program("algae", "moss", "ferns", optional=("stones",))),
        structure(program("stones", program="p-stones")),
    )
    for name in ("moss", "stones"):
        await view.given(course(activity("a")), enrolled(), to=of(name))
    assert {name: it.completed for name, it in (await mine(view)).items()} == {
        PROGRAM: 0,
        "p-stones": 0,
    }
    await view.given(course_completed("earned"), to=of("moss"))
    line = (await mine(view))[PROGRAM]
    assert (line.completed, line.required, line.missing) == (1, 3, ["algae", "ferns"])
    assert line.completed_at is None
    assert await mine(view, "u-2") == {}


async def test_b12_what_was_completed_stays_whatever_is_reset(view: ViewSpec) -> None:
    await view.logged(structure(program("moss")))
    await view.given(course(activity("a")), enrolled(), course_completed("manual"), to=of("moss"))
    await view.logged(
        award(provenance="manual", manually_completed=True, effective_at=day(3), courses=("moss",))
    )
    await view.given(course_reset(2, reopens=True), to=of("moss"))
    await view.logged(structure(program("moss", "algae", version=2)))
    line = (await mine(view))[PROGRAM]
    assert (line.completed, line.missing) == (0, ["moss", "algae"])
    assert (line.completed_at, line.completed_version) == (day(3), 1)
    assert (line.provenance, line.manually_completed, line.cause) == ("manual", True, "course")
    assert [it.completed for it in await view.programs.of_school(SCHOOL)] == [1]


async def test_a3_a_school_sees_its_own_programmes_alone(view: ViewSpec) -> None:
    await view.logged(
        structure(program("moss")),
        structure(program("moss", school="hill")),
        award(school="hill", courses=("moss",)),
    )
    assert [it.completed for it in await view.programs.of_school(SCHOOL)] == [0]
    assert [it.completed for it in await view.programs.of_school("hill")] == [1]
    assert await mine(view) == {}


async def test_b12_the_events_log_tells_of_a_completed_programme(view: ViewSpec) -> None:
    """Beside the learner's other entries, with the label and no attempt."""
    await view.given(enrolled(), to=of("moss"))
    marks = {"provenance": "manual", "manually_completed": True}
    await view.logged(award(command_id="c-9", batch_id="job-1", **marks))
    entry, enrolment = await view.events_log.entries(SCHOOL, LEARNER)
    assert (entry.type, entry.program, entry.attempt, entry.activities) == (
        "coursemark.progress.learning_program_completed.v1",
        PROGRAM,
        None,
        None,
    )
    assert (entry.manually, entry.command_id, entry.batch_id) == (True, "c-9", "job-1")
    assert (enrolment.program, enrolment.attempt) == (None, 1)
    assert [it.program for it in await view.events_log.entries_of_school(SCHOOL)] == [PROGRAM, None]
