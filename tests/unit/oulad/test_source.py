"""Errors are for people: data that cannot be used are named with a code and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.oulad import expected, mapping
from benchmarks.oulad.source import SourceError, read
from tests.support import oulad

if TYPE_CHECKING:
    from pathlib import Path


def test_rows_are_as_they_stand(made_up: Path) -> None:
    tables = read(made_up)
    assert [len(table) for table in tables] == [2, 4, 1, 7, 9, 7]
    assert tables.courses[1] == {
        "code_module": "XYZ",
        "code_presentation": "2014B",
        "module_presentation_length": "90",
    }


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no_folder: .*nowhere is no folder; name the one"):
        read(tmp_path / "nowhere")


def test_a_missing_file_is_named(made_up: Path) -> None:
    (made_up / "vle.csv.gz").unlink()
    with pytest.raises(SourceError, match=r"missing_file: .* holds no vle\.csv\.gz; copy it"):
        read(made_up)


def test_a_missing_column_is_named(made_up: Path) -> None:
    oulad.write(made_up, {"vle": "id_site code_module code_presentation\n1 XYZ 2013J"})
    with pytest.raises(SourceError, match=r"missing_column: .* has no column activity_type"):
        read(made_up)


@pytest.mark.parametrize("line", ["XYZ 2013J", "XYZ 2013J 100 more"])
def test_a_line_of_another_length_is_named(made_up: Path, line: str) -> None:
    header = "code_module code_presentation module_presentation_length"
    oulad.write(made_up, {"courses": f"{header}\n{line}"})
    with pytest.raises(SourceError, match=r"ragged_row: line 2 of .*courses\.csv\.gz"):
        read(made_up)


@pytest.mark.parametrize("content", [b"code_module", b"\x1f\x8b\x08\x00", b""])
def test_what_is_no_gzipped_csv_is_named(made_up: Path, content: bytes) -> None:
    (made_up / "courses.csv.gz").write_bytes(content)
    with pytest.raises(SourceError, match=r"(unreadable_file|missing_column): "):
        read(made_up)


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("8 12 soon 0 1", "bad_value: date_submitted must be a whole number, not 'soon'"),
        ("8 12 ? 0 1", r"bad_value: date_submitted must be a whole number, not '\?'"),
        ("8 12 1 2 1", "bad_value: is_banked must be 0 or 1, not '2'"),
        ("8 12 1 0 101", "bad_value: score must be 0 to 100 points, not '101'"),
        ("8 12 1 0 nan", "bad_value: score must be 0 to 100 points, not 'nan'"),
        ("8 4711 1 0 1", r"unknown_reference: assessments\.csv\.gz has no row"),
        ("4711 12 1 0 1", r"unknown_reference: studentRegistration\.csv\.gz has no row"),
    ],
)
def test_a_submission_that_cannot_be_sent_stops_the_load(
    made_up: Path, row: str, error: str
) -> None:
    header = "id_student id_assessment date_submitted is_banked score"
    oulad.write(made_up, {"studentAssessment": f"{header}\n{row}"})
    with pytest.raises(SourceError, match=error):
        list(mapping.commands(read(made_up)))


@pytest.mark.parametrize(
    ("table", "rows", "error"),
    [
        ("courses", "XYZ 2013J 9", r"unknown_reference: courses\.csv\.gz"),
        ("studentInfo", "XYZ 2013J 8 0 60 Pass", r"unknown_reference: studentInfo\.csv\.gz"),
        ("studentInfo", "XYZ 2013J 8 0 60 Passed", "bad_value: final_result must be one of"),
        ("studentRegistration", "XYZ 2013K 8 0 ?", "unknown_reference: "),
    ],
)
def test_a_registration_that_cannot_be_sent_stops_the_load(
    made_up: Path, table: str, rows: str, error: str
) -> None:
    tables = read(made_up)
    header = " ".join(
        {"courses": tables.courses, "studentInfo": tables.students}.get(
            table, tables.registrations
        )[0]
    )
    oulad.write(
        made_up,
        {
            "studentAssessment": "id_student id_assessment date_submitted is_banked score",
            table: f"{header}\n{rows}",
        },
    )
    with pytest.raises(SourceError, match=error):
        list(mapping.commands(read(made_up)))


def test_a_course_without_assessments_stops_the_load(made_up: Path) -> None:
    header = "code_module code_presentation id_assessment assessment_type date weight"
    oulad.write(made_up, {"assessments": f"{header}\nXYZ 2013J 90 Exam ? 100"})
    with pytest.raises(SourceError, match=r"no_assessment: .* none of XYZ-2014B"):
        list(mapping.catalog(read(made_up)))


def test_the_model_refuses_what_it_is_too_simple_for(made_up: Path) -> None:
    tables = read(made_up)
    twice = tables._replace(submissions=[*tables.submissions, tables.submissions[0]])
    with pytest.raises(SourceError, match="repeated_row: 2 rows have id_student 7, id_assessment"):
        expected.expect(twice)
