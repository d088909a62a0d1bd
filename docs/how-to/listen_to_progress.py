"""Keep a table of every learner's progress, from Kafka, in a file of SQLite.

Needs `coursemark-contracts` and `aiokafka`; see listen.md. Ctrl-C ends it; started again it goes on
where it was. `--once` ends it when it has read what is there.
"""

import argparse
import asyncio
import contextlib
import sqlite3
from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from coursemark_contracts import envelope, topics
from coursemark_contracts.progress import LatestProgress

TABLES = """
create table if not exists progress (
    key text primary key, school text, learner text, course text,
    status text, progress_rate real, manually_completed integer, completed_at text
) without rowid;
create table if not exists offsets (part integer primary key, next integer);
"""
QUIET_MS = 2_000
ROW = "insert or replace into progress values (?, ?, ?, ?, ?, ?, ?, ?)"


def keep(table: sqlite3.Connection, part: int, records: Sequence[ConsumerRecord]) -> None:
    """Write down a batch, and where the next one begins: both or neither."""
    with table:
        for record in records:
            key = record.key.decode()
            if record.value is None:  # a tombstone: the learner was erased, forget them
                table.execute("delete from progress where key = ?", (key,))
                continue
            read = envelope.read(record.value, record.headers)
            latest = LatestProgress.model_validate_json(read.data)
            done = latest.completed_at and envelope.timestamp(latest.completed_at)
            whose = key, latest.school, latest.learner, latest.course
            stands = latest.status, latest.progress_rate, latest.manually_completed, done
            table.execute(ROW, (*whose, *stands))
        following = records[-1].offset + 1
        table.execute("insert or replace into offsets values (?, ?)", (part, following))


async def listen(kafka: str, table: sqlite3.Connection, *, once: bool) -> None:
    """Read on from where the table is; a batch is in it before the next is asked for."""
    consumer = AIOKafkaConsumer(
        topics.PROGRESS,  # without a group: every partition is ours, offsets are in the table
        bootstrap_servers=kafka,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    async with consumer:
        following = dict(table.execute("select part, next from offsets"))
        for place in consumer.assignment():
            if place.partition in following:
                consumer.seek(place, following[place.partition])
        while (batches := await consumer.getmany(timeout_ms=QUIET_MS)) or not once:
            for place, records in batches.items():
                keep(table, place.partition, records)


def main() -> None:
    """Keep the table as long as nobody ends it."""
    flags = argparse.ArgumentParser(description="Keep a table of progress.")
    flags.add_argument("--kafka", required=True, metavar="HOST:PORT")
    flags.add_argument("--table", default="progress.sqlite", help="a file, made where it is not")
    flags.add_argument("--once", action="store_true", help="end when nothing more comes")
    told = flags.parse_args()
    with contextlib.closing(sqlite3.connect(told.table)) as table:
        table.executescript(TABLES)
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(listen(told.kafka, table, once=told.once))
        for row in table.execute("select status, count(*) from progress group by status"):
            print(*row)


if __name__ == "__main__":
    main()
