"""Reads the tables: gzipped CSV files in one folder, into rows of text as they stand there."""

import csv
import gzip
from pathlib import Path
from typing import NamedTuple

Row = dict[str, str]

_COURSE = ("code_module", "code_presentation")
_NONE = ("", "?")


class SourceError(Exception):
    """The data cannot be used; ``code`` is stable, the sentence says what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code


class Tables(NamedTuple):
    """The six tables, each with its rows in the order of its file."""

    courses: list[Row]
    assessments: list[Row]
    vle: list[Row]
    registrations: list[Row]
    submissions: list[Row]
    students: list[Row]


def read(folder: Path) -> Tables:
    """All six tables.

    Raises:
        SourceError: no_folder, missing_file, missing_column, ragged_row, unreadable_file.
    """
    if not folder.is_dir():
        raise SourceError(
            "no_folder", f"{folder} is no folder; name the one that holds courses.csv.gz."
        )
    return Tables(
        courses=_rows(folder, "courses", *_COURSE, "module_presentation_length"),
        assessments=_rows(
            folder, "assessments", *_COURSE, "id_assessment", "assessment_type", "date"
        ),
        vle=_rows(folder, "vle", *_COURSE, "id_site", "activity_type"),
        registrations=_rows(
            folder,
            "studentRegistration",
            *_COURSE,
            *("id_student", "date_registration", "date_unregistration"),
        ),
        submissions=_rows(
            folder,
            "studentAssessment",
            *("id_student", "id_assessment", "date_submitted", "is_banked", "score"),
        ),
        students=_rows(folder, "studentInfo", *_COURSE, "id_student", "final_result"),
    )


def optional_number(row: Row, column: str) -> int | None:
    """A whole number, a day for instance; none where the cell is empty or ``?``.

    Raises:
        SourceError: bad_value.
    """
    text = row[column]
    if text in _NONE:
        return None
    try:
        return int(text)
    except ValueError:
        raise bad_value(row, column, "a whole number") from None


def number(row: Row, column: str) -> int:
    """A whole number that has to be there.

    Raises:
        SourceError: bad_value.
    """
    value = optional_number(row, column)
    if value is None:
        raise bad_value(row, column, "a whole number")
    return value


def bad_value(row: Row, column: str, wanted: str) -> SourceError:
    """The error of a cell that holds something else than it should."""
    return SourceError(
        "bad_value", f"{column} must be {wanted}, not {row[column]!r}; mend the row {row}."
    )


def _rows(folder: Path, table: str, *columns: str) -> list[Row]:
    path = folder / f"{table}.csv.gz"
    try:
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
            return _checked(path, csv.DictReader(lines), columns)
    except FileNotFoundError:
        raise SourceError(
            "missing_file", f"{folder} holds no {path.name}; copy it there from the data set."
        ) from None
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(
            "unreadable_file",
            f"{path} cannot be read as gzipped CSV in UTF-8 ({error}); copy it again.",
        ) from error


def _checked(path: Path, reader: "csv.DictReader[str]", columns: tuple[str, ...]) -> list[Row]:
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise SourceError(
            "missing_column",
            f"{path} has no column {', '.join(missing)}; its first line must name it.",
        )
    rows = []
    for row in reader:
        # csv files what is too much under None, and gives None for what is too little.
        if None in row or None in row.values():
            raise SourceError(
                "ragged_row",
                f"line {reader.line_num} of {path} has not one value for each column; mend it.",
            )
        rows.append(row)
    return rows
