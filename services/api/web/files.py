"""Files to keep: CSV, written while it is read."""

from collections.abc import AsyncIterator
from typing import Any

from services.api.web.streams import Stream

CSV = "text/csv"
CSV_CONTENT: dict[str, Any] = {
    "description": "A file of CSV, in UTF-8.",
    "content": {CSV: {"schema": {"type": "string"}}},
}
"""The answer in the document."""


def attachment(name: str) -> dict[str, str]:
    """The headers of a file to keep under that name."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


class CsvFile(Stream):
    """CSV, piece by piece."""

    media_type = CSV

    def __init__(self, pieces: AsyncIterator[bytes], name: str) -> None:
        super().__init__(pieces, headers=attachment(name))
