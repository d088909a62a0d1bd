"""A record as Kafka delivers it, its bytes untouched."""

from collections.abc import Sequence
from typing import Protocol


class Record(Protocol):
    """What we read of aiokafka's ``ConsumerRecord``; ``timestamp`` in milliseconds."""

    @property
    def topic(self) -> str:
        """The topic's full name."""

    @property
    def partition(self) -> int:
        """The partition."""

    @property
    def offset(self) -> int:
        """The place in the partition."""

    @property
    def timestamp(self) -> int:
        """Milliseconds since 1970."""

    @property
    def key(self) -> bytes | None:
        """The key."""

    @property
    def value(self) -> bytes | None:
        """The body; none in a tombstone."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]:
        """The headers, in order; a name may come twice."""
