"""CSV as people have it: encodings, delimiters, and files that are damaged (B8)."""

from __future__ import annotations

import pytest

from services.imports.problems import ImportFileError
from services.imports.table import Reading
from tests.support.importing import as_csv, codes, said

ROWS = [["learner", "course", "note"], ["u-1", "bio", "très bien; ça, ß|"], ["u-2", "bio", ""]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_with_a_mark_and_delimiters_are_found_out(encoding: str, delimiter: str) -> None:
    lines, problems = said(as_csv(ROWS, delimiter, encoding))
    assert problems == []
    assert [(it.learner, it.note) for it in lines] == [("u-1", ROWS[1][2]), ("u-2", None)]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16-le", "mac-roman"])
def test_other_encodings_are_named(encoding: str) -> None:
    lines, problems = said(as_csv(ROWS, encoding=encoding), Reading(encoding=encoding))
    assert (lines[0].note, problems) == (ROWS[1][2], [])


def test_a_byte_that_does_not_decode_is_told_with_its_line() -> None:
    _, problems = said(as_csv([*ROWS, ["u-3", "bio", "good"]], encoding="cp1252"))
    assert codes(problems) == [(2, "note", "not_decodable")]
    assert "cp1252 is common" in problems[0].message


@pytest.mark.parametrize(
    ("encoding", "half"), [("utf-7", b"+2AA-"), ("unicode_escape", rb"\ud800")]
)
def test_half_a_pair_is_told_as_what_does_not_decode(encoding: str, half: bytes) -> None:
    """PostgreSQL takes no such text (B8)."""
    content = b"learner,course,note\nu-1" + half + b",bio,fine\nu-2,bio,fine\n"
    lines, problems = said(content, Reading(encoding=encoding))
    assert codes(problems) == [(2, "learner", "not_decodable")]
    assert lines[-1].learner == "u-2"


@pytest.mark.parametrize("name", ["klingon", "hex", "rot13", "utf-8\x00"])
def test_an_encoding_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ImportFileError) as error:
        said(as_csv(ROWS), Reading(encoding=name))
    assert error.value.code == "unknown_encoding"


def test_a_delimiter_can_be_said() -> None:
    content = as_csv(ROWS, "~")
    assert said(content, Reading(delimiter="~"))[1] == []
    assert said(as_csv(ROWS, "\t"), Reading(delimiter="tab"))[1] == []
    with pytest.raises(ImportFileError) as error:
        said(content, Reading(delimiter="~~"))
    assert error.value.code == "bad_delimiter"


def test_a_spreadsheets_word_on_its_delimiter_is_believed() -> None:
    lines, problems = said(b"sep=;\r\nlearner;course\r\nu-1;bio\r\n")
    assert ([(it.line, it.learner) for it in lines], problems) == ([(3, "u-1")], [])


def test_a_quotation_that_never_ends_is_a_file_cut_off() -> None:
    """Nothing after the mark can be told apart; what stands before it is still checked."""
    content = b'learner,course,note\nu-1,bio,fine\nu-2,bio,"cut'
    with pytest.raises(ImportFileError) as error:
        said(content)
    assert (error.value.code, error.value.line) == ("cut_off", 3)
    with pytest.raises(ImportFileError) as error:
        said(content + b" off\nu-3,bio,again" * 20_000)
    assert (error.value.code, error.value.line) == ("cut_off", 3)


def test_a_line_with_too_few_cells_is_cut_off() -> None:
    _, problems = said(b"learner,course,note\nu-1,bio,fine\nu-2,bi")
    assert codes(problems) == [(3, None, "cut_off")]


def test_a_stray_quotation_mark_costs_its_line_alone() -> None:
    lines, problems = said(b'learner,course\n"u-1"x,bio\nu-2,bio\n')
    assert codes(problems) == [(2, None, "broken_quotes")]
    assert lines[1].learner == "u-2"


def test_a_nul_character_is_told() -> None:
    head = b"learner,course\n" + b"u-0,bio\n" * 1_000
    _, problems = said(head + b"u-1\x00,bio\n")
    assert codes(problems) == [(1_002, "learner", "nul_character")]


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(ImportFileError) as error:
        said(b"learner,course\nu-1," + b"x" * 1_000_001)
    assert (error.value.code, error.value.line) == ("line_too_long", 2)


def test_5_000_columns_are_refused() -> None:
    with pytest.raises(ImportFileError) as error:
        said(as_csv([[f"column {n}" for n in range(5_000)], ["x"] * 5_000]))
    assert error.value.code == "too_many_columns"


@pytest.mark.parametrize("content", [b"", b" \n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_told(content: bytes) -> None:
    with pytest.raises(ImportFileError) as error:
        said(content)
    assert error.value.code == "empty_file"


@pytest.mark.parametrize(
    ("content", "code", "what"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not_a_table", "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "not_a_table", "picture"),
        (b"%PDF-1.7\n", "not_a_table", "PDF"),
        (b"\x1f\x8b\x08" + bytes(10), "not_a_table", "gzip"),
        (b"<html><table>", "not_a_table", "web page"),
        (bytes(range(256)), "not_a_table", "value zero"),
        ("learner,course".encode("utf-16-le"), "not_a_table", "UTF-16"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_workbook", ".xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes(5_000)
            + "EncryptedPackage".encode("utf-16-le"),
            "encrypted_workbook",
            "password",
        ),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(content: bytes, code: str, what: str) -> None:
    with pytest.raises(ImportFileError, match=what) as error:
        said(content)
    assert error.value.code == code
