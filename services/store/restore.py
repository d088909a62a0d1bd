"""After a restore into a new cluster.

A stored transaction id means something in the cluster that gave it alone. A new cluster counts
from its own start: with ids above its counter followers would see nothing until it caught up,
and ids that it gives again would fall among the old ones. So the whole log becomes one old
transaction: each event keeps its place by a notification id given anew in commit order, and
each cursor moves to the new place of the last event that it had passed.

Rows that hold positions are another matter: rebuild the view ``events_log`` afterwards.
"""

import asyncpg

from services.store.sql import query


async def renumber_transactions(pool: asyncpg.Pool) -> int:
    """Rewrite the log's positions for this cluster; returns how many events there are.

    Run it once after the restore, with nothing else running. It is one transaction: it is done
    or it is not.
    """
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(query("renumber"))
        count: int = await connection.fetchval("select count(*) from stored_events")
    return count
