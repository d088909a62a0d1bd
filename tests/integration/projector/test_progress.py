"""The progress view, rule by rule; each case one event at a time, in one batch, and rebuilt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.progress import LatestProgress
from contracts.topics import Stream
from tests.support.appended import MINE
from tests.support.happened import (
    activities_reset,
    claimed,
    course_completed,
    course_reset,
    earned,
    enrolled,
    imported,
    joined,
    marked,
    spent,
    submitted,
    unenrolled,
    visited,
)
from tests.support.school import activity, course, day

if TYPE_CHECKING:
    from tests.support.views import ViewSpec

VIDEO, FORM, EXAM = activity("video"), activity("form", "form"), activity("exam", "exam")
COURSE = course(VIDEO, FORM, EXAM)
TWO = course(VIDEO, FORM)


async def test_r6_an_enrolment_alone_is_not_started_and_ending_it_keeps_the_row(
    view: ViewSpec,
) -> None:
    await view.given(COURSE, enrolled(on=3), unenrolled())
    found = await view.course()
    assert (found.status, found.enrolled, found.enrolled_at) == ("not_started", False, day(3))
    assert (found.progress_rate, found.completed_required, found.required) == (0, 0, 3)
    assert await view.activities() == {}


async def test_l1_every_signal_of_the_player_is_kept(view: ViewSpec) -> None:
    await view.given(
        COURSE,
        enrolled(),
        visited("video"),
        joined("form"),
        claimed("exam"),
        submitted("exam", 35.5, passed=False),
        spent("video", 40),
        spent("video", 2),
    )
    rows = await view.activities()
    signals = {
        id_: (row.visited, row.joined, row.claimed, row.submitted) for id_, row in rows.items()
    }
    assert signals == {
        "exam": (True, False, True, True),
        "form": (True, True, False, False),
        "video": (True, False, False, False),
    }
    assert (rows["exam"].score, rows["video"].time_spent) == (35.5, 42)
    found = await view.course()
    assert (found.status, found.average_score, found.time_spent) == ("not_completed", 35.5, 42)


async def test_m6_the_label_manually_stands_on_the_activity_and_on_the_course(
    view: ViewSpec,
) -> None:
    await view.given(
        TWO,
        enrolled(),
        earned("video", on=2),
        marked("form", "form", 100.0, on=4),
        course_completed("manual", on=4),
    )
    labels = {id_: row.manually_completed for id_, row in (await view.activities()).items()}
    assert labels == {"video": False, "form": True}
    found = await view.course()
    assert found.manually_completed
    assert (found.status, found.provenance, found.completed_at) == ("completed", "manual", day(4))
    assert (found.progress_rate, found.average_score) == (100, 100)


async def test_m12_an_import_is_labelled_with_its_provenance_alone(view: ViewSpec) -> None:
    await view.given(
        TWO,
        enrolled(),
        imported("video"),
        imported("form", "form", 55.0),
        course_completed("imported"),
    )
    found = await view.course()
    assert (found.provenance, found.manually_completed) == ("imported", False)


async def test_r2_r3_a_reset_starts_again_from_nothing_beside_all_time_ever(
    view: ViewSpec,
) -> None:
    await view.given(
        COURSE,
        enrolled(),
        spent("video", 300),
        earned("video"),
        submitted("form", 80.0),
        activities_reset("video", "form"),
        spent("video", 10),
    )
    rows = await view.activities()
    assert set(rows) == {"video"}
    video = rows["video"]
    assert (video.recorded, video.time_spent, video.time_spent_ever) == (True, 10, 310)
    assert (video.provenance, video.completed_at, video.visited) == (None, None, False)
    found = await view.course()
    assert (found.time_spent, found.time_spent_ever) == (10, 310)
    assert (found.average_score, found.completed_required) == (None, 0)


async def test_r3_time_ever_outlives_a_reset_without_anything_recorded_since(
    view: ViewSpec,
) -> None:
    await view.given(COURSE, enrolled(), spent("video", 300), visited("form"), course_reset(2))
    rows = await view.activities()
    assert set(rows) == {"video"}
    assert (rows["video"].recorded, rows["video"].time_spent_ever) == (False, 300)
    found = await view.course()
    assert (found.status, found.time_spent, found.time_spent_ever) == ("not_started", 0, 300)


async def test_r4_earlier_attempts_stay_readable(view: ViewSpec) -> None:
    await view.given(
        TWO,
        enrolled(),
        submitted("form", 60.0),
        earned("form", "form", 60.0, on=5),
        spent("video", 30),
        marked("video", on=6),
        course_completed("manual", on=6, email=True),
    )
    await view.given(course_reset(2, reopens=True), recorded_at=day(8))
    await view.given(visited("video"), course_reset(3), spent("video", 4))
    first, second = await view.attempts()
    assert (first.attempt, first.status, first.average_score) == (1, "completed", 60.0)
    assert (first.provenance, first.manually_completed) == ("manual", True)
    assert (first.time_spent, first.completed_at, first.closed_at) == (30, day(6), day(8))
    assert (second.attempt, second.status, second.time_spent) == (2, "not_completed", 0)
    kept = await view.progress.attempt_activities(*MINE, 1)
    assert [(row.activity, row.score, row.time_spent, row.manually_completed) for row in kept] == [
        ("form", 60.0, 0, False),
        ("video", None, 30, True),
    ]
    found = await view.course()
    assert (found.attempt, found.status, found.time_spent_ever) == (3, "not_completed", 34)
    assert (found.provenance, found.completed_at, found.manually_completed) == (None, None, False)


async def test_r2_resetting_what_an_administrator_completed_takes_the_label_away(
    view: ViewSpec,
) -> None:
    await view.given(
        TWO,
        enrolled(),
        marked("video"),
        marked("form", "form", 100.0),
        course_completed("manual"),
        activities_reset("form", reopens=True),
    )
    found = await view.course()
    assert (found.status, found.provenance, found.manually_completed) == (
        "not_completed",
        None,
        False,
    )
    assert set(await view.activities()) == {"video"}


async def test_b9_a_new_structure_leaves_no_row_stale(view: ViewSpec) -> None:
    other = Stream(MINE.school, "u-9", MINE.course)
    elsewhere = Stream(MINE.school, MINE.learner, "chemistry")
    await view.given(TWO, enrolled(), to=elsewhere)
    await view.given(TWO, enrolled(), submitted("form", 90.0), earned("form", "form", 90.0))
    await view.given(enrolled(), earned("video"), to=other)
    await view.given(course(FORM, EXAM, activity("extra", required=False), version=2))
    mine, others, untouched = [await view.course(it) for it in (MINE, other, elsewhere)]
    assert (mine.structure_version, mine.progress_rate, mine.average_score) == (2, 50.0, 90.0)
    assert (others.structure_version, others.progress_rate, others.required) == (2, 0.0, 2)
    assert untouched.structure_version == 1


async def test_m14_a_completed_course_stays_complete_whatever_is_added(view: ViewSpec) -> None:
    await view.given(TWO, enrolled(), earned("video"), earned("form"), course_completed("earned"))
    await view.given(course(VIDEO, FORM, EXAM, activity("more"), version=2))
    found = await view.course()
    assert (found.status, found.progress_rate, found.completed_required) == ("completed", 50.0, 2)


async def test_a_learner_whose_course_is_not_published_has_a_row_without_requirements(
    view: ViewSpec,
) -> None:
    await view.given(enrolled(), submitted("form", 70.0))
    found = await view.course()
    assert (found.structure_version, found.required, found.progress_rate) == (0, 0, 0)
    assert found.average_score == 70.0


async def test_m5_the_email_that_went_out_is_remembered_over_a_restart(view: ViewSpec) -> None:
    await view.given(TWO, enrolled(), earned("video"), course_completed("earned", email=True))
    await view.given(activities_reset("video", reopens=True))
    emailed = await view.progress._pool.fetchval("select emailed from progress.courses")
    assert emailed is True


async def test_a3_schools_and_courses_do_not_mix(view: ViewSpec) -> None:
    theirs = Stream("another", MINE.learner, MINE.course)
    await view.given(TWO, enrolled(), earned("video"))
    await view.given(
        course(VIDEO), enrolled(), earned("video"), course_completed("earned"), to=theirs
    )
    assert (await view.course()).progress_rate == 50.0
    assert (await view.course(theirs)).progress_rate == 100.0


async def test_the_latest_progress_of_streams_is_what_the_compacted_topic_carries(
    view: ViewSpec,
) -> None:
    await view.given(TWO, enrolled(), spent("video", 5), marked("video", on=2))
    stranger = Stream("nobody", "knows", "them")
    assert await view.progress.latest([MINE, stranger]) == [
        LatestProgress(
            **MINE._asdict(),
            version=3,
            structure_version=1,
            enrolled=True,
            attempt=1,
            status="not_completed",
            progress_rate=50.0,
            completed_required=1,
            required=2,
            time_spent=5,
            time_spent_ever=5,
            manually_completed=False,
        )
    ]


async def test_the_exports_are_in_order_and_leave_out_what_has_only_time_of_old(
    view: ViewSpec,
) -> None:
    for learner in ("u-2", "u-10"):
        for name in ("b", "a"):
            await view.given(TWO, enrolled(), spent("form", 3), to=Stream("s", learner, name))
    await view.given(course_reset(2), marked("video", on=1), to=Stream("s", "u-2", "a"))
    progress = [row async for row in view.progress.export_progress()]
    assert [(row.course, row.learner, row.status) for row in progress] == [
        ("a", "u-10", "not_completed"),
        ("a", "u-2", "not_completed"),
        ("b", "u-10", "not_completed"),
        ("b", "u-2", "not_completed"),
    ]
    activities = [row async for row in view.progress.export_activities()]
    assert [(row.course, row.learner, row.activity, row.completed) for row in activities] == [
        ("a", "u-10", "form", False),
        ("a", "u-2", "video", True),
        ("b", "u-10", "form", False),
        ("b", "u-2", "form", False),
    ]
    assert (activities[1].manually_completed, activities[1].completed_at) == (True, day(1))
