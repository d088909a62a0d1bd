"""Views that are waited for: until they have come to a position of the log."""

from collections.abc import Collection
from typing import NamedTuple

from services.api.web.awaited import Awaited
from services.store.cursors import positions
from services.store.log import EventLog
from services.store.records import Position


class Wanted(NamedTuple):
    """Views by their names, all of which have to come so far."""

    views: tuple[str, ...]
    position: Position


class Reached(Awaited[Wanted, bool]):
    """One query looks for all that wait; False tells of a view that was never built."""

    def __init__(self, log: EventLog) -> None:
        super().__init__(self._come)
        self._log = log

    async def _come(self, wanted: Collection[Wanted]) -> dict[Wanted, bool]:
        names = {name for it in wanted for name in it.views}
        stands = await positions(self._log.pool, names)
        return {
            it: stands.keys() >= set(it.views)
            for it in wanted
            if all(stands.get(name, it.position) >= it.position for name in it.views)
        }
