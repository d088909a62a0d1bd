r"""Header names that are not UTF-8, which aiokafka fails on, and with them on their partition.

Kafka's protocol calls a header's name a string, yet no broker looks, and a client in C sends any
bytes. aiokafka 0.14 raises ``UnicodeDecodeError`` in its fetcher, again at every poll, so that
nothing behind the record is read any more. Here such a name is read with its bytes escaped
(``caf\xe9``); all other records are still read by aiokafka's own reader, in C.
"""

import struct
from collections.abc import Iterator
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy as SlowBatch
from aiokafka.record.memory_records import MemoryRecords

_LENGTH_AT, _OVERHEAD = 8, 12
"""A batch begins with its base offset (8 bytes) and the length of what follows (4 bytes)."""


def install() -> None:
    """Let aiokafka's consumers of this process read such names; a second call changes nothing."""
    fetcher.MemoryRecords = Records


class Records:
    """In place of aiokafka's ``MemoryRecords``: the batches of one answer to a fetch."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._at = 0
        self._records = MemoryRecords(data)

    def size_in_bytes(self) -> int:
        """Bytes of the answer, a last batch that was cut off included."""
        size: int = self._records.size_in_bytes()
        return size

    def has_next(self) -> bool:
        """True while a whole batch is left."""
        there: bool = self._records.has_next()
        return there

    def next_batch(self) -> Any:
        """The next batch, as aiokafka knows them."""
        start = self._at
        (length,) = struct.unpack_from(">i", self._data, start + _LENGTH_AT)
        self._at = start + _OVERHEAD + length
        batch = self._records.next_batch()
        return batch if batch.is_control_batch else _Batch(batch, self._data[start : self._at])


class _Batch:
    def __init__(self, batch: Any, raw: memoryview) -> None:
        self._batch = batch
        self._raw = raw

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __iter__(self) -> Iterator[Any]:
        try:
            records = list(self._batch)
        except UnicodeDecodeError:
            records = list(_slowly(self._raw))
        return iter(records)


def _slowly(raw: memoryview) -> Any:
    batch = SlowBatch(raw)
    iter(batch)  # decompresses
    batch._buffer = _Escaping(batch._buffer)  # noqa: SLF001 - it decodes names by slice and decode
    return batch


class _Escaping(bytearray):
    """Bytes whose slices decode to something whatever they are."""

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        return _Escaping(found) if isinstance(place, slice) else found

    def decode(self, encoding: str = "utf-8", errors: str = "backslashreplace") -> str:
        return super().decode(encoding, errors)
