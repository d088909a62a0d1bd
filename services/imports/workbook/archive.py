"""What a workbook's archive holds, bounded before anything in it is parsed.

A small archive can unpack into terabytes, and XML can name files or repeat itself without end
(entities). The sizes that an archive states are binding: Python's reader gives no byte more than
stated. So the sizes are summed first, and each part is then scanned once, in pieces, for document
types, which no workbook needs, and for merged cells.
"""

import re
import struct
from collections.abc import Iterator
from itertools import islice
from lzma import LZMAError
from typing import IO, BinaryIO
from zipfile import BadZipFile, ZipFile
from zlib import error as BadStreamError  # noqa: N812 - its own name says nothing

from services.imports.problems import ImportFileError

MAX_MEMBERS = 2_000
MAX_TOTAL = 2 * 1024**3
"""Bytes unpacked, in all; a sheet of a million rows and ten columns has some 500 MB."""
MAX_STRINGS = 128 * 1024**2
"""Bytes of the table of texts, which has to be held in memory."""
MAX_RATIO = 150
"""Unpacked to packed; sheets of numbers and repeated ids have 10 to 40."""
_RATIO_FROM = 10 * 1024**2
"""Bytes from which the ratio counts: a small part of one repeated word is harmless."""
MAX_RANGES = 1_000
"""Merged cells of a sheet that are looked for: merged cells come after all else in it."""
_PIECE = 1024**2
_DAMAGES = (
    *(BadZipFile, BadStreamError, EOFError, LZMAError, NotImplementedError, OSError, RuntimeError),
    *(ValueError, struct.error),
)
"""What Python's reader raises of an archive whose bytes are not as they should be."""
_OVERLAP = 4_096
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*[\"']([A-Z0-9:$]{1,40})[\"']")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_SPARED = re.compile(r"xl/(media|drawings|embeddings|printerSettings|customXml)/", re.IGNORECASE)
_OTHERS = (
    ("word/document.xml", "a text document (.docx)"),
    ("ppt/presentation.xml", "a presentation (.pptx)"),
    ("content.xml", "an OpenDocument file (.ods or .odt)"),
    ("Index/Document.iwa", "a Numbers file"),
    ("xl/workbook.bin", "a binary workbook (.xlsb)"),
)


def opened(stream: BinaryIO) -> ZipFile:
    """The archive, within the bounds, and its XML without document types.

    Raises:
        ImportFileError: broken_workbook, zip_bomb, not_a_table, external_entities.
    """
    try:
        archive = ZipFile(stream)
    except _DAMAGES as error:
        raise broken(error) from error
    _refuse_bombs(archive)
    _refuse_others(archive)
    return archive


def merged_cells(archive: ZipFile) -> dict[str, list[str]]:
    """The first ranges of merged cells of each part that has some; all XML is looked through.

    Raises:
        ImportFileError: external_entities, broken_workbook.
    """
    found: dict[str, list[str]] = {}
    for member in archive.infolist():
        if _SPARED.match(member.filename) or not member.filename.endswith(
            (".xml", ".rels", ".vml")
        ):
            continue
        try:
            with archive.open(member) as part:
                ranges = list(dict.fromkeys(islice(_scan(part), MAX_RANGES)))
        except _DAMAGES as error:
            raise broken(error) from error
        if ranges:
            found[member.filename] = ranges
    return found


def _scan(part: IO[bytes]) -> Iterator[str]:
    """Ranges of merged cells, those where two pieces meet perhaps twice; to the part's end."""
    for piece in _pieces(part):
        _refuse_entities(piece)
        yield from (it.decode() for it in _MERGED.findall(piece))


def broken(error: Exception) -> ImportFileError:
    """The file is no whole workbook."""
    return ImportFileError(
        "broken_workbook",
        f"The file is no whole workbook ({type(error).__name__}): it is cut off or damaged; save "
        "it again as .xlsx or as CSV.",
    )


def _refuse_bombs(archive: ZipFile) -> None:
    members = archive.infolist()
    total = sum(it.file_size for it in members)
    strings = sum(it.file_size for it in members if it.filename.lower().endswith("strings.xml"))
    thick = [
        it
        for it in members
        if it.file_size > _RATIO_FROM and it.file_size > MAX_RATIO * max(it.compress_size, 1)
    ]
    if any(it.flag_bits & 1 for it in members):
        raise ImportFileError(
            "encrypted_workbook", "The archive is protected by a password; take it off."
        )
    if len(members) > MAX_MEMBERS or total > MAX_TOTAL or strings > MAX_STRINGS or thick:
        raise ImportFileError(
            "zip_bomb",
            f"The workbook would unpack into {total / 1024**2:,.0f} MB in {len(members):,} parts "
            "from little: it is not opened. Save the lines as CSV.",
        )


def _refuse_others(archive: ZipFile) -> None:
    names = set(archive.namelist())
    for name, what in _OTHERS:
        if name in names:
            raise ImportFileError(
                "not_a_table", f"The file is {what}; save it as a workbook (.xlsx) or as CSV."
            )
    if "xl/workbook.xml" not in names and "[Content_Types].xml" not in names:
        raise ImportFileError(
            "not_a_table",
            "The file is a packed folder (ZIP), and no workbook; unpack it and send one file.",
        )


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    """Pieces that overlap, so that nothing is missed where two meet."""
    kept = b""
    while piece := part.read(_PIECE):
        if not kept and piece.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
            raise ImportFileError(
                "broken_workbook", "A part of the workbook is UTF-16, which is not read."
            )
        yield kept + piece
        kept = piece[-_OVERLAP:]


def _refuse_entities(piece: bytes) -> None:
    if _DOCTYPE.search(piece):
        raise ImportFileError(
            "external_entities",
            "The workbook's XML brings a document type of its own, which no spreadsheet writes: it "
            "is not opened. Save the lines as CSV.",
        )
