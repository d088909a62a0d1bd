"""A key's partition is the one that Kafka's own clients choose, so that each key stays in order."""

from __future__ import annotations

import pytest

from services.runtime.bus.outbox import partition_of


@pytest.mark.parametrize(
    ("key", "hashed"),
    [
        # murmur2 as org.apache.kafka.common.utils.UtilsTest has it, its sign bit taken off.
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
@pytest.mark.parametrize("count", [1, 4, 48])
def test_it_is_that_of_kafka_s_own_clients(key: bytes, hashed: int, count: int) -> None:
    assert partition_of(key, count) == (hashed & 0x7FFFFFFF) % count


def test_a_message_without_a_key_goes_to_the_first() -> None:
    """Dead letters alone have none, and their topics have one partition."""
    assert [partition_of(None, count) for count in (1, 48)] == [0, 0]


def test_an_empty_key_is_a_key() -> None:
    assert 0 <= partition_of(b"", 48) < 48
