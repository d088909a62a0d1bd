"""Events appended per second, beside the limit: COPY of the same rows into the same table.

Both write batches of 500 events, each batch a transaction of its own on one connection, into
the log's table with its indexes, emptied before each round. COPY of everything in one
transaction is the last line: what the table takes when durability is paid for once.

``python -m benchmarks.append`` prints this figure alone.
"""

from collections.abc import Sequence
from time import perf_counter

import asyncpg

from benchmarks import history
from benchmarks.harness import Figure, Measured
from benchmarks.servers import OURS, Servers, database
from services.store.log import EventLog
from services.store.pool import open_pool
from services.store.records import NewEvent

BATCH = 500
Batches = Sequence[Sequence[NewEvent]]


async def measure(servers: Servers, *, learners: int, rounds: int) -> Figure:
    rows = list(history.events(learners))
    batches = [rows[first : first + BATCH] for first in range(0, len(rows), BATCH)]
    seconds: dict[str, list[float]] = {"append": [], "copy": [], "copy at once": []}
    async with database(servers, OURS) as url:
        pool = await open_pool(url, max_size=1)
        for _ in range(rounds):
            await _empty(pool)
            seconds["append"] += [await _append(EventLog(pool), batches)]
            await _empty(pool)
            seconds["copy"] += [await _copy(pool, batches)]
            await _empty(pool)
            seconds["copy at once"] += [await _copy(pool, [rows])]
        await pool.close()
    rates = {name: [len(rows) / took for took in times] for name, times in seconds.items()}
    return Figure(
        title="events appended, EventLog.append, batches of 500",
        unit="/s",
        goal="≥ 0.5 times COPY",
        required_ratio=0.5,
        ours=Measured("EventLog.append, batches of 500", rates["append"]),
        beside=[
            Measured("COPY, batches of 500", rates["copy"]),
            Measured("COPY, all in one transaction", rates["copy at once"]),
        ],
        raw={"events": len(rows), "bytes_of_state": sum(len(row.state) for row in rows)},
    )


async def _append(log: EventLog, batches: Batches) -> float:
    began = perf_counter()
    for batch in batches:
        await log.append(batch)
    return perf_counter() - began


async def _copy(pool: asyncpg.Pool, batches: Batches) -> float:
    began = perf_counter()
    async with pool.acquire() as connection:
        for batch in batches:
            await connection.copy_records_to_table(
                "stored_events", records=batch, columns=NewEvent._fields
            )
    return perf_counter() - began


async def _empty(pool: asyncpg.Pool) -> None:
    await pool.execute("truncate stored_events")
    await pool.execute("checkpoint")
