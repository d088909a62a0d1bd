"""A reader of the progress view that polls it without a pause."""

import asyncio

import asyncpg

COUNT = "select count(*) from progress.courses"
CARD = "select count(*) from progress.courses where school = $1 and learner = $2"


class Reader:
    """Counts all rows, and those of one learner in between, again and again."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self.first = asyncio.Event()
        self.looks = 0
        self.missed = 0
        self.rows = 0

    async def run(self) -> None:
        """Until cancelled; a look that finds fewer rows than the first one is a miss."""
        whose = await self._pool.fetchrow("select school, learner from progress.courses limit 1")
        self.rows = await self._pool.fetchval(COUNT)
        mine = await self._pool.fetchval(CARD, *whose)
        while True:
            found = await self._pool.fetchval(COUNT), await self._pool.fetchval(CARD, *whose)
            self.looks += 2
            self.missed += (found[0] < self.rows) + (found[1] < mine)
            self.first.set()

    def says(self) -> str:
        """What came of it."""
        return (
            f"A reader looked {self.looks:,} times meanwhile; {self.missed} times it found fewer "
            f"than all {self.rows:,} rows."
        )
