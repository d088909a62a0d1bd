"""A table reads the same whatever file it stands in (B8): the suite that both readers pass."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.support.importing import as_csv, as_xlsx, codes, said

if TYPE_CHECKING:
    from collections.abc import Callable

HEADINGS = ["Learner", "COURSE", "Activity", "completed_at", "Score", "Reason", "Note", "Completed"]


@pytest.fixture(params=[as_csv, as_xlsx], ids=["csv", "xlsx"])
def file(request: pytest.FixtureRequest) -> Callable[..., bytes]:
    """The rows as a file of one kind."""
    made: Callable[..., bytes] = request.param
    return made


def test_every_column_is_read(file: Callable[..., bytes]) -> None:
    row = ["007", "bio-1", "quiz", "2025-12-31", "85.5", "tested out", "by post", "yes"]
    (one,), problems = said(file([HEADINGS, row]))
    assert problems == []
    assert (one.line, one.learner, one.courses, one.activity) == (2, "007", ("bio-1",), "quiz")
    assert one.completed_at == datetime(2025, 12, 31, tzinfo=UTC)
    assert (one.score, one.reason, one.note, one.completed) == (85.5, "tested_out", "by post", True)


def test_lines_keep_their_numbers_beside_empty_ones(file: Callable[..., bytes]) -> None:
    """A problem is told with the line that an editor or a spreadsheet shows."""
    rows = [["learner", "course"], ["a", "c"], ["", ""], ["", ""], ["b", "c"]]
    lines, _ = said(file(rows))
    assert [it.line for it in lines] == [2, 5]


def test_a_line_break_within_a_cell_is_text(file: Callable[..., bytes]) -> None:
    rows = [["learner", "course", "note"], ["a", "c", "one\ntwo"], ["b", "c", ""]]
    lines, problems = said(file(rows))
    assert problems == []
    assert lines[0].note == "one\ntwo"


def test_a_formula_is_a_problem_and_never_text(file: Callable[..., bytes]) -> None:
    """`=cmd()` goes neither into the log nor anywhere else."""
    rows = [["learner", "course", "note"], ["a", "c", "=cmd()"], ["=cmd()", "c", ""]]
    _, problems = said(file(rows))
    assert codes(problems) == [(2, "note", "formula"), (3, "learner", "formula")]


def test_all_problems_of_a_line_are_told(file: Callable[..., bytes]) -> None:
    """Every problem in one go: whoever corrects a file corrects it once."""
    rows = [HEADINGS, ["", "", "quiz", "soon", "101", "because", "n" * 2001, "perhaps"]]
    _, problems = said(file(rows))
    assert codes(problems) == [
        (2, "completed_at", "date_unreadable"),
        (2, "Score", "score_out_of_range"),
        (2, "Reason", "unknown_reason"),
        (2, "Note", "note_too_long"),
        (2, "Completed", "not_yes_or_no"),
        (2, "Learner", "missing_learner"),
        (2, "COURSE", "completed_without_course"),
    ]


def test_more_cells_than_headings_are_a_problem(file: Callable[..., bytes]) -> None:
    _, problems = said(file([["learner", "course"], ["a", "c", "surplus"]]))
    assert codes(problems) == [(2, None, "too_many_cells")]


def test_headings_are_told_all_at_once(file: Callable[..., bytes]) -> None:
    _, problems = said(file([["Name", "=cmd()", "note", "Note"]]))
    assert codes(problems) == [
        (1, None, "formula"),
        (1, None, "column_twice"),
        (1, None, "missing_column"),
        (1, None, "missing_column"),
        (1, "Name", "unknown_column"),
    ]
    assert all(it.whole_file for it in problems)


def test_unknown_columns_are_left_out_where_that_is_said(file: Callable[..., bytes]) -> None:
    rows = [["learner", "course", "shoe size"], ["a", "c", "44"]]
    assert codes(said(file(rows))[1]) == [(1, "shoe size", "unknown_column")]
    assert said(file(rows), ignore_columns=True)[1] == []


def test_learnworlds_users_find_their_columns(file: Callable[..., bytes]) -> None:
    """M3: Username or First name + Last name, Email, Courses, Learning programs, Tags."""
    headings = ["First name", "Last name", "Email", "Courses", "Learning programs", "Tags"]
    row = ["Ada", "Byron", "Ada@a.example", "bio-1|bio-2", "green; blue", "x, y"]
    (one,), problems = said(file([headings, row]))
    assert problems == []
    assert (one.name, one.email, one.courses) == ("Ada Byron", "Ada@a.example", ("bio-1", "bio-2"))
    assert (one.programs, one.tags, one.completed) == (("green", "blue"), ("x", "y"), None)


def test_a_password_is_not_read(file: Callable[..., bytes]) -> None:
    """Never stored, never repeated."""
    rows = [["Email", "Courses", "Password"], ["a@a.example", "c", "hunter2"]]
    lines, problems = said(file(rows))
    assert "hunter2" not in repr((lines, problems))


def test_a_line_that_says_nothing_of_completion_completes_nothing(
    file: Callable[..., bytes],
) -> None:
    """M3: marking is chosen, by a column or with --complete."""
    rows = [["learner", "course", "score"], ["a", "c", ""], ["b", "c", "0"]]
    assert [it.completed for it in said(file(rows))[0]] == [None, True]
    assert [it.completed for it in said(file(rows), complete=True)[0]] == [True, True]
