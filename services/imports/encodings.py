"""From bytes to text: UTF-8, UTF-16 and UTF-32 by their marks; others only where they are named."""

import codecs
from typing import BinaryIO

from services.imports.problems import ImportFileError

ERRORS = "coursemark.import"
"""The name under which a byte that does not decode becomes MARK."""
MARK = "\udcff"
"""A half of a pair: no text that decodes has it alone."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _marked(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return MARK, error.end


codecs.register_error(ERRORS, _marked)


def encoding_of(stream: BinaryIO, named: str | None) -> str:
    """The encoding to decode with; the stream stands at its beginning then.

    Raises:
        ImportFileError: unknown_encoding.
    """
    stream.seek(0)
    head = stream.read(4)
    stream.seek(0)
    by_mark = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if named is None:
        return by_mark or "utf-8"
    try:
        found = codecs.lookup(named)
        "".encode(named)  # refused by what is no encoding of text
    except (LookupError, ValueError):
        raise ImportFileError(
            "unknown_encoding",
            "There is no such encoding; name one such as utf-8, utf-16, cp1252 or latin-1.",
        ) from None
    # A mark at the beginning is no part of the first heading.
    return by_mark if by_mark is not None and by_mark.startswith(found.name) else found.name
