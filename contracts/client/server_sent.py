"""Server-sent events out of bytes (WHATWG HTML, server-sent events, §9.2.6), without IO."""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

LONGEST = 1_000_000
"""Characters of one event; ours are far shorter."""
_END_OF_LINE = re.compile(r"\r\n|\n|\r")


class ServerSent(NamedTuple):
    """``id``: the last one that was given, in this event or before."""

    id: str | None
    data: str


class TooLongError(Exception):
    """An event does not end."""


class Parser:
    """Takes a stream in pieces, wherever they are cut; ``beats``: the comments that came."""

    def __init__(self) -> None:
        self.beats = 0
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
        self._rest = ""
        self._data: list[str] = []
        self._held = 0
        self._id: str | None = None

    def feed(self, piece: bytes) -> Iterator[ServerSent]:
        """The events that are complete now.

        Raises:
            TooLongError: more than any event has has come, and it is not complete.
        """
        text = self._rest + self._decode(piece)
        half = "\r" if text.endswith("\r") else ""  # it may be the first half of an end of line
        *lines, rest = _END_OF_LINE.split(text.removesuffix(half))
        self._rest = rest + half
        for line in lines:
            if line:
                self._take(line)
            elif self._data:
                yield ServerSent(self._id, "\n".join(self._data))
                self._data, self._held = [], 0
        if len(self._rest) + self._held > LONGEST:
            raise TooLongError

    def _take(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not name:
            self.beats += 1
        elif name == "data":
            self._data.append(value)
            self._held += len(value) + 1
        elif name == "id" and "\0" not in value:
            self._id = value
