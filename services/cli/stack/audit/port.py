"""What ``coursemark audit`` needs of a Coursemark."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from services.store.audit import Entry, Wanted


class Audits(Protocol):
    """The audit log."""

    async def newest(self, wanted: "Wanted", limit: int) -> Sequence["Entry"]:
        """The newest entries that are wanted; of no school: of all that may be read."""
