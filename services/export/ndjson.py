"""Newline-delimited JSON: one line an event, in the order of the log."""

from collections.abc import Sequence
from pathlib import Path

import orjson

from contracts import upcasters
from services.export.folder import Folder
from services.store.records import Position
from services.store.selection import Selected

SUFFIX = "ndjson"


class Lines:
    """``{"position", "id", "type", "data"}``; the data are the log's own bytes."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self.size = 0

    def add(self, events: Sequence[Selected]) -> None:
        """Take events in."""
        block = b"".join(map(_line, events))  # few large pieces: small ones would scatter memory
        self._blocks.append(block)
        self.size += len(block)

    def write(self, folder: Folder, end: Position) -> None:
        """One file, where there is anything to write."""
        if self.size:
            folder.write("", end, SUFFIX, self._fill)
        self._blocks, self.size = [], 0

    def _fill(self, partial: Path) -> None:
        with partial.open("wb") as file:
            file.writelines(self._blocks)


def _line(event: Selected) -> bytes:
    _, data = upcasters.upcast(event.followed.topic, event.followed.state)
    if b"\n" in data:  # white space that whoever wrote it put between values
        data = orjson.dumps(orjson.loads(data))
    fields = {
        "position": str(event.followed.position),
        "id": event.id,
        "type": event.type,
        "data": orjson.Fragment(data),
    }
    return orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)
