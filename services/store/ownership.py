"""Who may write what a partition says, where the last write wins.

A consumer may sleep between asking its group and writing, for longer than its session. Its
successor claims the partitions before it reads them; so a sleeper that wakes up in its transaction,
or before it, does not hold them any more. The group alone cannot tell: its answer is old by then.
"""

from collections.abc import Collection
from uuid import uuid4

import asyncpg

from services.store.sql import query

Partition = tuple[str, int]
"""A topic and a partition of it."""


class NotOwnerError(Exception):
    """Another process has claimed the partitions: ask the group, claim them, and try again."""


class Ownership:
    """Of one process; its claim stands until another process claims the same partition."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._owner = uuid4()

    async def claim(self, partitions: Collection[Partition]) -> None:
        """Be their owner; waits for a write of the owner before."""
        await self._pool.execute(query("partition_claim"), *_columns(partitions), self._owner)

    async def hold(self, connection: asyncpg.Connection, partitions: Collection[Partition]) -> None:
        """Stay their owner until the connection's transaction ends.

        Raises:
            NotOwnerError: one of them is another's.
        """
        held = await connection.fetchval(
            query("partition_hold"), *_columns(partitions), self._owner
        )
        if held != len(partitions):
            raise NotOwnerError("a partition of the directory is another process's now")


def _columns(partitions: Collection[Partition]) -> tuple[list[str], list[int]]:
    return [topic for topic, _ in partitions], [number for _, number in partitions]
