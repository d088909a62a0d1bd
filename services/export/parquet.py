"""Parquet: one dataset for each version of each type, partitioned by school and month.

``TYPE/school=SCHOOL/month=YYYY-MM/POSITION.parquet``; the month is that in which Coursemark wrote
the event down, UTC, so that a month that is over gets no more files.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import quote

import pyarrow as pa
from pyarrow import parquet

from contracts.topics import Stream
from services.export.arrow import IN_THE_PATH, schema
from services.export.folder import Folder
from services.store.records import Position
from services.store.selection import Selected

SUFFIX = "parquet"
_LONGEST = 200
"""Bytes of a partition's value; a file's name has at most 255."""


class Partition(NamedTuple):
    """Which files an event belongs to."""

    type: str
    school: str
    month: str

    @property
    def path(self) -> str:
        """The folder, whatever characters the school's id has."""
        return f"{self.type}/school={_safe(self.school)}/month={self.month}"


class Columns:
    """Events by partition, as Arrow's batches."""

    def __init__(self) -> None:
        self._batches: dict[Partition, list[pa.RecordBatch]] = defaultdict(list)
        self.size = 0

    def add(self, events: Sequence[Selected]) -> None:
        """Take events in."""
        rows: dict[Partition, list[Mapping[str, Any]]] = defaultdict(list)
        for event in events:
            rows[_partition(event)].append(_row(event))
        for partition, those in rows.items():
            batch = pa.RecordBatch.from_pylist(those, schema=schema(partition.type))
            self._batches[partition].append(batch)
            self.size += batch.nbytes

    def write(self, folder: Folder, end: Position) -> None:
        """One file for each partition."""
        for partition, batches in self._batches.items():
            table = pa.Table.from_batches(batches)
            fill = partial(parquet.write_table, table, compression="zstd")
            folder.write(partition.path, end, SUFFIX, fill)
        self._batches.clear()
        self.size = 0


def _partition(event: Selected) -> Partition:
    school = Stream.parse(event.followed.originator_id).school
    return Partition(event.type, school, f"{event.event.recorded_at:%Y-%m}")


def _row(event: Selected) -> dict[str, Any]:
    followed = event.followed
    envelope = {
        "event_id": event.id,
        "event_version": followed.originator_version,
        "transaction_id": followed.position.transaction_id,
        "notification_id": followed.position.notification_id,
    }
    return envelope | event.event.model_dump(exclude={IN_THE_PATH})


def _safe(value: str) -> str:
    """The value percent-encoded, as readers of such folders decode it.

    One that is too long for a file's name is a digest behind ``~``, with which no id begins;
    ``event_id`` tells the school then.
    """
    encoded = quote(value, safe="")
    if len(encoded) <= _LONGEST:
        return encoded
    return f"~{sha256(value.encode()).hexdigest()}"
