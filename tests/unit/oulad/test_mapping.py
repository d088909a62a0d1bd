"""The mapping of the data's README: order, days and ids of the commands (B1, B3, B4, M5)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from benchmarks.oulad import mapping
from benchmarks.oulad.source import read
from contracts.catalog import CompletionRules
from contracts.commands import (
    EnrollLearner,
    ImportCompletion,
    MarkComplete,
    RecordActivity,
    ResetProgress,
    Submission,
    UnenrollLearner,
)
from contracts.directory import School, User

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.oulad.source import Tables
    from contracts.commands import Command


@pytest.fixture
def tables(made_up: Path) -> Tables:
    return read(made_up)


def _sent(tables: Tables, learner: str, course: str) -> list[Command]:
    sent = [command for _, command in mapping.commands(tables)]
    return [one for one in sent if (one.learner, one.course) == (learner, course)]


def test_row_by_row_in_the_order_of_the_file(tables: Tables) -> None:
    whose = [f"{one.learner} {one.course}" for _, one in mapping.commands(tables)]
    assert list(dict.fromkeys(whose)) == [
        "8 XYZ-2013J",
        "7 XYZ-2013J",
        "8 XYZ-2014B",
        "9 XYZ-2013J",
        "5 XYZ-2013J",
        "6 XYZ-2013J",
        "4 XYZ-2014B",
    ]
    assert whose == sorted(whose, key=list(dict.fromkeys(whose)).index)


def test_unenrolling_goes_before_the_submissions_of_later_days_alone(tables: Tables) -> None:
    enrolled, first, second, gone, late = _sent(tables, "7", "XYZ-2013J")
    assert isinstance(enrolled, EnrollLearner)
    assert enrolled.effective_at == datetime(2013, 9, 21, tzinfo=UTC)
    assert isinstance(first, RecordActivity)
    assert isinstance(second, RecordActivity)
    assert (first.activity, second.activity) == ("assessment-90", "assessment-101")
    assert first.effective_at == second.effective_at == datetime(2013, 10, 21, tzinfo=UTC)
    assert isinstance(gone, UnenrollLearner)
    assert gone.effective_at == datetime(2013, 10, 21, tzinfo=UTC)
    assert isinstance(late, RecordActivity)
    assert late.activity == "assessment-12"


def test_a_pass_marks_the_whole_course_on_its_last_day(tables: Tables) -> None:
    enrolled, banked, ungraded, exam, mark = _sent(tables, "8", "XYZ-2013J")
    assert enrolled.effective_at is None
    assert banked == ImportCompletion(
        school="open-university",
        learner="8",
        course="XYZ-2013J",
        activity="assessment-101",
        score=55.5,
        actor="registrar",
        reason="equivalent_activity",
        effective_at=datetime(2013, 9, 30, tzinfo=UTC),
        send_completion_email=False,
    )
    assert isinstance(ungraded, RecordActivity)
    assert ungraded.signal == Submission(score=None)
    assert isinstance(exam, RecordActivity)
    assert exam.signal == Submission(score=39)
    assert mark == MarkComplete(
        school="open-university",
        learner="8",
        course="XYZ-2013J",
        activities="whole_course",
        actor="registrar",
        reason="administrative",
        effective_at=datetime(2014, 1, 9, tzinfo=UTC),
        send_completion_email=False,
    )


def test_a_fail_resets_the_whole_course(tables: Tables) -> None:
    *_, last = _sent(tables, "9", "XYZ-2013J")
    assert last == ResetProgress(
        school="open-university",
        learner="9",
        course="XYZ-2013J",
        activities="whole_course",
        actor="registrar",
    )


def test_b1_sending_again_sends_the_same_under_the_same_ids(tables: Tables) -> None:
    once, again = dict(mapping.commands(tables)), dict(mapping.commands(tables))
    assert once == again
    assert len(once) == sum(1 for _ in mapping.commands(tables))
    # Of "open-university/8/XYZ-2013J/enroll"; another id would be another command.
    assert next(iter(once)) == "b7b08fb1-9cf9-53da-8e14-65c47557668b"


def test_a_course_opens_in_february_or_in_october(tables: Tables) -> None:
    _, submission, _ = _sent(tables, "8", "XYZ-2014B")
    assert submission.effective_at == datetime(2014, 2, 10, tzinfo=UTC)


def test_assessments_stand_by_date_and_number_without_a_date_last(tables: Tables) -> None:
    course, _ = mapping.catalog(tables)
    [section] = course.sections
    assert [(a.activity, a.type, a.rules) for a in section.activities] == [
        ("assessment-12", "form", CompletionRules(submitted=True)),
        ("assessment-101", "form", CompletionRules(submitted=True)),
        ("assessment-90", "exam", CompletionRules(passed=40)),
    ]
    assert all(activity.required for activity in section.activities)
    assert (course.course, course.access, section.section) == ("XYZ-2013J", "free", "assessments")


def test_on_request_the_optional_activities_too(tables: Tables) -> None:
    with_some, without = mapping.catalog(tables, vle=True)
    _, section = with_some.sections
    [site] = section.activities
    assert (section.section, site.activity, site.type) == ("vle", "vle-500", "quiz")
    assert (site.required, site.rules) == (False, CompletionRules(visited=True))
    assert [section.section for section in without.sections] == ["assessments"]


def test_a1_a2_the_directory_has_the_plan_the_registrar_and_each_learner_once(
    tables: Tables,
) -> None:
    assert list(mapping.directory(tables)) == [
        School(school="open-university", plan="learning_center"),
        User(school="open-university", user="registrar", role_level="admin"),
        *(User(school="open-university", user=learner) for learner in "879564"),
    ]
