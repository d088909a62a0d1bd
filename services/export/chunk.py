"""What both formats have in common: events are taken in, and written when there are enough."""

from collections.abc import Sequence
from typing import Protocol

from services.export.folder import Folder
from services.store.records import Position
from services.store.selection import Selected


class Chunk(Protocol):
    """Events of a piece of the log, in memory; ``size`` in bytes."""

    @property
    def size(self) -> int:
        """How much memory it takes."""

    def add(self, events: Sequence[Selected]) -> None:
        """Take events in, in the order of the log."""

    def write(self, folder: Folder, end: Position) -> None:
        """Write them, as the chunk that ends there, and be empty."""
