"""Receipts: what tells what became of a command. Nothing else remembers idempotency keys."""

import asyncio

from services.api.web.awaited import LOOK_UP_SECONDS, Awaited
from services.store.log import EventLog
from services.store.records import StoredReceipt

Key = tuple[str, str]
"""School and command id."""


class Receipts(Awaited[Key, StoredReceipt]):
    """One query looks for all that are waited for."""

    def __init__(self, log: EventLog) -> None:
        super().__init__(log.receipts)
        self._log = log

    async def find(self, key: Key) -> StoredReceipt | None:
        """The receipt, where it is there now."""
        async with asyncio.timeout(LOOK_UP_SECONDS):
            return (await self._log.receipts([key])).get(key)
