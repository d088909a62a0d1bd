"""A text file of separated values, read line by line with the standard library's reader."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import BinaryIO

from services.imports.columns import known_headings
from services.imports.encodings import ERRORS, encoding_of
from services.imports.problems import ImportFileError
from services.imports.table import FORMULA, Cell, Flawed, Line, Reading

LONGEST = 1_000_000
"""Characters of one line of the file."""
_DELIMITERS = ",;\t|"
_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_HALF = re.compile("[\ud800-\udfff]")
"""Of a pair, alone: a byte that does not decode, or what some encodings spell out."""
_NUL = Flawed("nul_character", "has a NUL character; take it out")
_END = "unexpected end of data"
_TOO_LARGE = "field larger than field limit"


@contextmanager
def delimited(stream: BinaryIO, reading: Reading) -> Iterator["Delimited"]:
    """The table of a stream, which stays open.

    Raises:
        ImportFileError: unknown_encoding, bad_delimiter, line_too_long, empty_file, broken_quotes.
    """
    encoding = encoding_of(stream, reading.encoding)
    text = io.TextIOWrapper(stream, encoding=encoding, errors=ERRORS, newline="")
    try:
        yield Delimited(text, encoding, reading.delimiter)
    finally:
        text.detach()


class Delimited:
    """One reading of it."""

    def __init__(self, text: io.TextIOWrapper, encoding: str, delimiter: str | None) -> None:
        self._bytes = Flawed(
            "not_decodable",
            f"has a byte that is no {encoding}; save the file in UTF-8, or name its --encoding "
            "(cp1252 is common)",
        )
        physical = _physical(text)
        self._before = 0
        first = ""
        for line in physical:
            if line.strip() and not line.lower().startswith("sep="):
                first = line
                break
            # Spreadsheets write which delimiter they took: "sep=;".
            delimiter = delimiter or line[4:].rstrip("\r\n")[:1] or None
            self._before += 1
        self._reader = csv.reader(
            chain([first], physical),
            delimiter=_delimiter(delimiter, first),
            skipinitialspace=True,
            strict=True,
        )
        self.header = self._header()

    def lines(self) -> Iterator[Line]:
        """See ``Table``."""
        width = len(self.header.cells)
        while (line := self._next()) is not None:
            if line.flaw is not None or any(line.cells):
                yield line._replace(cut=line.flaw is None and len(line.cells) < width)

    def _header(self) -> Line:
        for line in iter(self._next, None):
            if line.flaw is not None:
                raise ImportFileError(line.flaw.code, f"The line {line.flaw.message}.", line.number)
            if any(line.cells):
                return line
        raise ImportFileError("empty_file", "The file has no line; send one with headings.")

    def _next(self) -> Line | None:
        number = self._before + self._reader.line_num + 1
        try:
            cells = next(self._reader, None)
        except csv.Error as error:
            return Line(number, (), _broken(number, str(error)))
        return None if cells is None else Line(number, [self._cell(text) for text in cells])

    def _cell(self, text: str) -> Cell:
        if _HALF.search(text):
            return self._bytes
        if "\x00" in text:
            return _NUL
        text = text.strip()
        return FORMULA if text.startswith("=") else text


def _broken(number: int, said: str) -> Flawed:
    """Why a line is none, in our words.

    Raises:
        ImportFileError: nothing after it can be told apart any more.
    """
    if said.startswith((_END, _TOO_LARGE)):
        raise ImportFileError(
            "cut_off",
            "A quotation mark opens here and nothing closes it: the file is cut off, or the mark "
            "is one too many. Nothing after it was read.",
            number,
        )
    return Flawed(
        "broken_quotes",
        "has a quotation mark within a quoted cell; write it twice, or take it out",
    )


def _physical(text: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := text.readline(LONGEST + 1):
        number += 1
        if len(line) > LONGEST:
            raise ImportFileError(
                "line_too_long", f"The line has more than {LONGEST:,} characters.", number
            )
        yield line


def _delimiter(named: str | None, first: str) -> str:
    """The named one, or that which parts the most headings that we know."""
    if named is not None:
        found = _NAMES.get(named.lower(), named)
        if len(found) != 1 or found in '"\r\n':
            raise ImportFileError(
                "bad_delimiter", "A delimiter is one character, such as ; or the word tab."
            )
        return found
    return max(_DELIMITERS, key=lambda it: _parted(first, it))


def _parted(first: str, delimiter: str) -> tuple[int, int]:
    try:
        cells = next(csv.reader([first], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return 0, 0
    return known_headings(cells), len(cells)
