"""A header's name that is not UTF-8 is read, escaped, and what stands around it as it came."""

from __future__ import annotations

import gzip
import struct
from typing import TYPE_CHECKING, Any

import pytest
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.util import calc_crc32c

from services.runtime.bus.header_names import Records, install

if TYPE_CHECKING:
    from collections.abc import Sequence

CRC_AT, ATTRIBUTES_AT, PAYLOAD_AT = 17, 21, 61
"""Kafka protocol, record batch: the checksum covers all that stands behind it."""
Row = tuple[bytes | None, bytes | None, list[tuple[str, bytes | None]]]
PLAIN: list[Row] = [(b"k", b"v", [("a", b"1"), ("b", None)]), (None, b"w", []), (b"k", None, [])]
ODD: list[Row] = [(b"k", b"v", [("caf_", b"1"), ("é", b"2")]), (b"k", b"caf_", [("caf_", None)])]
READ: list[Row] = [
    (b"k", b"v", [(r"caf\xe9", b"1"), ("é", b"2")]),
    (b"k", b"caf\xe9", [(r"caf\xe9", None)]),
]


def batch(rows: Sequence[Row], offset: int = 0, *, zipped: bool = False) -> bytes:
    """A record batch as it is on the wire, its ``caf_`` in Latin-1."""
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 1_000_000)
    for place, (key, value, headers) in enumerate(rows):
        builder.append(place, 1_714_555_800_000 + place, key, value, headers)
    raw = bytearray(bytes(builder.build()).replace(b"caf_", b"caf\xe9"))
    if zipped:
        raw[PAYLOAD_AT:] = gzip.compress(bytes(raw[PAYLOAD_AT:]))
        raw[ATTRIBUTES_AT + 1] |= 1
    struct.pack_into(">q", raw, 0, offset)
    struct.pack_into(">i", raw, 8, len(raw) - 12)
    struct.pack_into(">I", raw, CRC_AT, calc_crc32c(bytes(raw[ATTRIBUTES_AT:])))
    return bytes(raw)


def rows(records: Any) -> list[Row]:
    return [(it.key, it.value, list(it.headers)) for it in records]


@pytest.mark.parametrize("zipped", [False, True], ids=["plain", "gzip"])
def test_every_batch_of_an_answer_is_read_in_order(*, zipped: bool) -> None:
    parts = [PLAIN, ODD, PLAIN, ODD]
    cut_off = batch(PLAIN, 99)[:-1]
    answer = b"".join(batch(it, 10 * n, zipped=zipped) for n, it in enumerate(parts)) + cut_off
    records, found = Records(answer), []
    while records.has_next():
        found.append(records.next_batch())
    assert [it.base_offset for it in found] == [0, 10, 20, 30]
    assert all(it.validate_crc() for it in found)
    assert [rows(it) for it in found] == [PLAIN, READ, PLAIN, READ]
    assert records.size_in_bytes() == len(answer)


def test_offsets_and_times_are_those_of_the_records() -> None:
    records = list(Records(batch(ODD, 7)).next_batch())
    assert [(it.offset, it.timestamp) for it in records] == [
        (7, 1_714_555_800_000),
        (8, 1_714_555_800_001),
    ]


def test_consumers_of_the_process_read_so_from_then_on() -> None:
    install()
    install()
    assert fetcher.MemoryRecords is Records
