"""Workbooks: cells of every kind, sheets, and archives that mean ill (B8)."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook

from services.imports.problems import ImportFileError
from services.imports.table import Reading
from services.imports.workbook import archive
from tests.support.importing import as_xlsx, codes, said, saved, workbook

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADINGS = ["learner", "course", "score", "completed_at"]
ROWS = [["learner", "course"], ["u-1", "bio"]]


def zipped(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return stream.getvalue()


def repacked(content: bytes, **changed: bytes) -> bytes:
    """The workbook with parts changed, by the ends of their names."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    for ending, new in changed.items():
        (name,) = (it for it in parts if it.endswith(f"{ending}.xml"))
        parts[name] = new
    return zipped(parts)


def refused(content: bytes, **reading: Any) -> str:
    with pytest.raises(ImportFileError) as error:
        said(content, Reading(**reading))
    return f"{error.value.code}: {error.value}"


def test_numbers_are_read_as_they_are_shown() -> None:
    """An id keeps no `.0`, 85 % is no 0.85, and a date is a date."""
    made = workbook([HEADINGS, [4711.0, 12, 0.85, datetime(2025, 3, 1, 9, 30)]])  # noqa: DTZ001
    made.active["C2"].number_format = "0%"
    (one,), problems = said(saved(made))
    assert problems == []
    assert (one.learner, one.courses, one.score) == ("4711", ("12",), 85.0)
    assert one.completed_at == datetime(2025, 3, 1, 9, 30, tzinfo=UTC)


def test_cells_that_hold_no_value_are_problems() -> None:
    rows = [
        HEADINGS,
        ["=A1", "#N/A", "=1+1", time(9, 30)],
        [1234567890123456789, "bio", True, 45000],
    ]
    made = workbook(rows)
    made.active["B2"].data_type = "e"
    _, problems = said(saved(made))
    assert codes(problems) == [
        (2, "learner", "formula"),
        (2, "course", "error_cell"),
        (2, "score", "formula"),
        (2, "completed_at", "not_text"),
        (3, "learner", "number_too_long"),
        (3, "score", "not_a_number"),
        (3, "completed_at", "date_unreadable"),
    ]


def test_merged_cells_are_refused_with_their_ranges() -> None:
    made = workbook(ROWS)
    made.active.merge_cells("A3:B4")
    made.active.merge_cells("C1:C9")
    assert refused(saved(made)).startswith(
        "merged_cells: The sheet has merged cells (A3:B4, C1:C9)"
    )


def test_the_one_visible_sheet_is_read() -> None:
    made = workbook(ROWS)
    hidden = made.create_sheet("old")
    hidden.append(["no", "headings"])
    hidden.sheet_state = "hidden"
    assert [it.learner for it in said(saved(made))[0]] == ["u-1"]


def test_of_several_sheets_one_is_named() -> None:
    made = Workbook()
    made.active.append(["no", "headings"])
    second = made.create_sheet("Second")
    for row in ROWS:
        second.append(row)
    assert refused(saved(made)).startswith("which_sheet") and '"Second"' in refused(saved(made))  # noqa: PT018
    assert [it.learner for it in said(saved(made), Reading(sheet="Second"))[0]] == ["u-1"]
    assert refused(saved(made), sheet="Third").startswith("which_sheet")


def test_5_000_columns_are_refused() -> None:
    content = as_xlsx([[f"column {n}" for n in range(5_000)]])
    assert refused(content).startswith("too_many_columns")


def test_a_bomb_is_not_unpacked() -> None:
    """Sizes are bounded before anything is parsed: 300 MB out of 300 kB."""
    bomb = repacked(as_xlsx(ROWS), sheet1=b" " * (300 * 1024**2))
    assert len(bomb) < 1024**2
    assert refused(bomb).startswith("zip_bomb")


def test_many_small_parts_are_a_bomb_too() -> None:
    parts = {f"xl/part{n}.xml": b"x" for n in range(archive.MAX_MEMBERS + 1)}
    assert refused(zipped(parts)).startswith("zip_bomb")


@pytest.mark.parametrize(
    "evil", [b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', b"<!ENTITY"]
)
def test_a_document_type_is_refused(evil: bytes) -> None:
    """No external entity is ever looked up, and none is repeated without end."""
    assert refused(repacked(as_xlsx(ROWS), styles=evil)).startswith("external_entities")


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_workbook_that_is_cut_off_is_told(kept: float) -> None:
    content = as_xlsx(ROWS)
    assert refused(content[: int(len(content) * kept)]).startswith("broken_workbook")


@pytest.mark.parametrize("part", ["workbook", "sheet1", "styles"])
def test_a_damaged_part_is_told(part: str) -> None:
    assert refused(repacked(as_xlsx(ROWS), **{part: b"<not xml"})).startswith("broken_workbook")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("word/document.xml", ".docx"),
        ("content.xml", "OpenDocument"),
        ("Index/Document.iwa", "Numbers"),
        ("photo.png", "ZIP"),
    ],
)
def test_another_archive_is_refused_by_what_it_is(name: str, what: str) -> None:
    said_ = refused(zipped({name: b"x"}))
    assert said_.startswith("not_a_table")
    assert what in said_
