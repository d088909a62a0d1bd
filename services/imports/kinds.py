"""What a file is, by how it begins."""

from typing import BinaryIO, Literal

from services.imports.problems import ImportFileError

Kind = Literal["text", "workbook"]

_HEAD = 4_096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE = "save it as a workbook (.xlsx) or as CSV"
_BEGINS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"RIFF", "a picture, a sound or a film (RIFF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "packed (gzip); unpack it first"),
    (b"BZh", "packed (bzip2); unpack it first"),
    (b"\xfd7zXZ", "packed (xz); unpack it first"),
    (b"7z\xbc\xaf", "packed (7z); unpack it first"),
    (b"Rar!", "packed (RAR); unpack it first"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a SQLite database"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_MARKUP = (b"<!doctype html", b"<html", b"<?xml", b"<table")


def kind_of(stream: BinaryIO, encoding: str | None) -> Kind:
    """Whether to read it as text or as a workbook; the stream stands at its beginning then.

    Raises:
        ImportFileError: not_a_table, old_workbook, encrypted_workbook, empty_file.
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    if not head.strip():
        raise ImportFileError("empty_file", "The file is empty; send one with headings and lines.")
    if head.startswith(_OLE):
        raise _ole(head + stream.read())
    stream.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return "workbook"
    for begins, what in _BEGINS:
        if head.startswith(begins):
            raise _no_table(what)
    if head.lstrip().lower().startswith(_MARKUP):
        raise _no_table("a web page or XML, whatever its name ends in")
    if b"\x00" in head and encoding is None and not head.startswith(_BOMS):
        raise ImportFileError(
            "not_a_table",
            "The file holds bytes of value zero: it is no text, or UTF-16 without a mark at its "
            f"beginning. {_SAVE.capitalize()} in UTF-8, or name its --encoding.",
        )
    return "text"


def _no_table(what: str) -> ImportFileError:
    return ImportFileError("not_a_table", f"The file is {what}, and no table; {_SAVE}.")


def _ole(content: bytes) -> ImportFileError:
    """An old workbook, or a new one under a password, has this same beginning."""
    if _ENCRYPTED in content:
        return ImportFileError(
            "encrypted_workbook",
            "The workbook is protected by a password; take the password off and save it again.",
        )
    return ImportFileError(
        "old_workbook",
        f"The file is of an old kind (.xls, .doc or the like) that is not read; {_SAVE}.",
    )
