"""Files are forgotten after a day, and what was found in them after a month."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import asyncpg

from services.imports.kept import keeping
from services.imports.kept.sql import query
from services.runtime.patience import patiently
from services.runtime.pausing import until_set

FILE_KEPT = timedelta(days=1)
IMPORT_KEPT = timedelta(days=30)
CUT_OFF = timedelta(hours=1)
"""After which pieces without an import are of an upload that came to nothing."""
EACH_SECONDS = 600
MANY = 20
WHAT = "imports' files"


class Sweeping:
    """Of one database."""

    def __init__(
        self, pool: asyncpg.Pool, clock: Callable[[], datetime], patience_seconds: float
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._patience = patience_seconds

    async def run(self, stop: asyncio.Event) -> None:
        """Go on until ``stop`` is set.

        Raises:
            OutOfPatienceError: PostgreSQL stayed away.
        """
        while not stop.is_set():
            while await patiently(self.sweep, self._patience, WHAT) and not stop.is_set():
                pass
            await until_set(stop, EACH_SECONDS)

    async def sweep(self) -> bool:
        """Forget some; whether there may be more."""
        now = self._clock()
        await keeping.forget_pieces(self._pool, now - CUT_OFF)
        files = await self._pool.fetch(query("files_old"), now - FILE_KEPT, MANY)
        for school, id_ in files:
            await self._pool.execute(query("file_forget"), school, id_)
        old = await self._pool.fetch(query("imports_old"), now - IMPORT_KEPT, MANY)
        for school, id_ in old:
            await keeping.remove(self._pool, school, id_)
        return MANY in {len(files), len(old)}
