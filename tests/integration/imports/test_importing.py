"""From a file to the records: whatever its order, and however often (B4, B8)."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.store.people import people
from tests.support.import_office import COURSES, Office, comparable
from tests.support.importing import as_csv

if TYPE_CHECKING:
    from services.store.log import EventLog

HEADINGS = ["learner", "course", "activity", "completed_at", "enrolled_at", "score", "completed"]
LEARNERS = ("u-1", "u-2", "u-3")
DAYS = ("2024-01-05", "2024-01-06", "2024-01-07")


@st.composite
def rows(draw: st.DrawFn) -> list[list[str]]:
    """Lines of few learners and courses, so that many of them meet."""
    course = draw(st.sampled_from(sorted(COURSES)))
    activity = draw(st.sampled_from(["", *COURSES[course], "unknown"]))
    completed = "no" if not activity and draw(st.booleans()) else "yes"
    day = "" if completed == "no" else draw(st.sampled_from(DAYS))
    score = "" if completed == "no" else draw(st.sampled_from(["", "0", "50", "100"]))
    begun = draw(st.sampled_from(["2024-01-01", "2024-01-01", "2024-01-02"]))
    who = draw(st.sampled_from(LEARNERS))
    return [who, course, activity, day, begun, score, completed]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=st.lists(rows(), min_size=1, max_size=25), seed=st.integers(0, 2**32))
async def test_b4_the_order_of_lines_makes_no_difference_and_again_changes_nothing(
    log: EventLog, lines: list[list[str]], seed: int
) -> None:
    one, other = await Office(log).open(), await Office(log).open()
    shuffled = random.Random(seed).sample(lines, len(lines))
    await one.import_if_any(as_csv([HEADINGS, *lines]))
    await other.import_if_any(as_csv([HEADINGS, *shuffled]))
    records = await one.records(LEARNERS)
    assert comparable(records) == comparable(await other.records(LEARNERS))
    before = await one.streams()
    await one.import_if_any(as_csv([HEADINGS, *shuffled]), "again")
    assert await one.streams() == before


async def test_b8_what_a_line_says_is_what_stands_in_the_record(office: Office) -> None:
    """Score, day and reason of an activity; the day of the enrolment; the whole course."""
    content = as_csv(
        [
            HEADINGS,
            ["u-1", "bio", "quiz", "2024-01-06", "2024-01-01", "72.5", ""],
            ["u-1", "bio", "exam", "2024-01-05", "", "", ""],  # carried out before the quiz
            ["u-2", "bio", "", "2024-01-07", "", "90", ""],
            ["u-3", "bio", "", "", "2024-01-02", "", "no"],
        ]
    )
    report = await office.import_(content)
    assert (report.state, report.total, report.done) == ("completed", 4, 4)
    records = await office.records(LEARNERS)
    quiz = records["u-1", "bio"].of("quiz")
    assert quiz.completion is not None
    assert (quiz.score, quiz.completion.provenance) == (72.5, "imported")
    assert f"{quiz.completion.effective_at:%Y-%m-%d}" == "2024-01-06"
    assert f"{records['u-1', 'bio'].enrolled_at:%Y-%m-%d}" == "2024-01-01"
    assert records["u-2", "bio"].completion is not None
    assert records["u-3", "bio"].enrolled
    assert not records["u-3", "bio"].activities


async def test_b6_each_course_of_a_line_has_a_row_of_its_own(office: Office) -> None:
    """A line that enrols in three courses twice is skipped three times, and told so."""
    content = as_csv([["learner", "courses"], ["u-1", "bio|chem|phys"]])
    assert (await office.import_(content, "one")).done == 3
    report = await office.import_(content, "two")
    assert (report.done, report.skipped) == (0, {"already_enrolled": 3})
    assert await office.rows("two") == [(2, place, "already_enrolled") for place in range(3)]


async def test_new_people_come_into_the_directory_and_known_ones_get_tags_alone(
    office: Office,
) -> None:
    rows = [
        ["Username", "Email", "Courses", "Tags"],
        ["Grace Hopper", "grace@a.example", "bio", "navy, cobol"],
        ["Another Name", "u1@a.example", "bio", "vip"],
    ]
    await office.import_(as_csv(rows), create_users=True, add_tags=True)
    known = await people(office.log.pool, office.school, ["u-1"])
    assert (known["u-1"].name, known["u-1"].tags) == ("Person 1", ["vip"])
    (new,) = await office.log.pool.fetch(
        "select name, tags from users where school = $1 and email = 'grace@a.example'",
        office.school,
    )
    assert tuple(new) == ("Grace Hopper", ["cobol", "navy"])


@pytest.mark.parametrize("times", [1, 2])
async def test_a_large_file_goes_in_several_parts(office: Office, times: int) -> None:
    """1,000 rows in a message at the most, and fewer where their notes are long."""
    learners = [f"n-{n}" for n in range(1_200)]
    note = "n" * (2_000 if times == 2 else 10)
    rows = [["learner", "email", "course", "note", "completed"]]
    rows += [[it, f"{it}@a.example", "bio", note, "yes"] for it in learners]
    parts = await office.parts(as_csv(rows), create_users=True)
    assert sum(len(it.rows) for it in parts) == 1_200
    assert {it.parts for it in parts} == {len(parts)}
    assert [it.part for it in parts] == list(range(1, len(parts) + 1))
    assert max(len(it.rows) for it in parts) <= 1_000
    assert max(len(it.to_json()) for it in parts) < 1024**2
