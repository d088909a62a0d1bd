"""An import as messages: one operation in parts of up to 1,000 rows that each fit a message."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, overload

from contracts.operations import MAX_PARTS, MAX_ROWS, BulkImport, ImportRow
from contracts.topics import COMMANDS
from services.imports.entries import Choices
from services.imports.ledger import Entry, Ledger
from services.imports.problems import ImportFileError
from services.runtime.topology import TOPICS

_ROOM = 20_000
"""Bytes of a message besides its rows: headers, and a note."""


def template(
    choices: Choices, actor: str, *, email: bool, start_at: datetime | str | None
) -> dict[str, Any]:
    """What all parts of an operation have in common, but for its id; without what is none."""
    fields = {
        "school": choices.school,
        "actor": actor,
        "source": "import",
        "reason": choices.reason,
        "note": choices.note,
        "enroll": choices.enroll,
        "send_completion_email": email,
        "start_at": start_at,
    }
    return {name: value for name, value in fields.items() if value is not None}


class Parts(Sequence[BulkImport]):
    """Each is made when it is asked for, so that only one need be in memory.

    ``template``: the fields that all parts have in common. The rows are sorted, and so the same
    whatever the order of the file.

    Raises:
        ImportFileError: too_large, where there are more parts than an operation may have.
    """

    def __init__(self, ledger: Ledger, template: dict[str, Any]) -> None:
        self._ledger = ledger
        self._template = template
        self._bounds = list(pairwise(_bounds(ledger.sizes())))
        if len(self._bounds) > MAX_PARTS:
            raise ImportFileError(
                "too_large", "The notes are too long for one operation; split the file."
            )

    def __len__(self) -> int:
        return len(self._bounds)

    @overload
    def __getitem__(self, place: int) -> BulkImport: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[BulkImport]: ...
    def __getitem__(self, place: int | slice) -> BulkImport | Sequence[BulkImport]:
        if isinstance(place, slice):
            return [self._part(it) for it in range(*place.indices(len(self)))]
        return self._part(range(len(self))[place])

    def _part(self, place: int) -> BulkImport:
        rows = tuple(_row(it) for it in self._ledger.rows(*self._bounds[place]))
        return BulkImport(**self._template, rows=rows, part=place + 1, parts=len(self))


def _bounds(sizes: Iterator[int]) -> Iterator[int]:
    """Where a part ends and the next begins, in rows; 0 first."""
    limit = TOPICS[COMMANDS].max_message_bytes - _ROOM
    yield 0
    begun, rows, row = 0, 0, 0
    for row, size in enumerate(sizes, 1):
        if rows and (rows == MAX_ROWS or begun + size > limit):
            yield row - 1
            begun, rows = 0, 0
        begun, rows = begun + size, rows + 1
    if row:
        yield row


def _row(entry: Entry) -> ImportRow:
    return ImportRow(
        line=entry.line,
        learner=entry.learner,
        course=entry.course,
        activity=entry.activity or None,
        completed=bool(entry.completed),
        completed_at=_instant(entry.completed_at),
        enrolled_at=_instant(entry.enrolled_at),
        score=entry.score,
        reason=entry.reason,  # type: ignore[arg-type]  # it was checked
        note=entry.note,
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
