"""The event log on a real PostgreSQL: all or nothing, per-stream order, commit order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

from contracts.topics import Stream, course_stream
from services.store.log import EventLog, VersionConflict
from services.store.migrations import Migration, MigrationChangedError, migrate, migrations
from services.store.pool import DatabaseUnreachableError, open_pool
from services.store.records import ORIGIN, NewEvent, Position, Receipt, StoredReceipt
from services.store.sql import query

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ONE = str(Stream("s", "learner-1", "c"))
TWO = str(Stream("s", "learner-2", "c"))


def event(stream: str, version: int, state: bytes = b"{}") -> NewEvent:
    return NewEvent(stream, version, "coursemark.test.happened.v1", state)


@pytest.fixture
async def log(database_url: str) -> AsyncIterator[EventLog]:
    pool = await open_pool(database_url)
    await migrate(pool)
    yield EventLog(pool)
    await pool.close()


async def test_what_was_appended_is_loaded_in_order_after_the_known_version(log: EventLog) -> None:
    await log.append([event(ONE, 1, b"a"), event(TWO, 1, b"b"), event(ONE, 2, b"c")])
    assert await log.load({ONE: 1, TWO: 0, "s/nobody/c": 0}) == {
        ONE: [event(ONE, 2, b"c")],
        TWO: [event(TWO, 1, b"b")],
        "s/nobody/c": [],
    }


async def test_a_taken_version_refuses_the_whole_batch_with_its_receipts(log: EventLog) -> None:
    await log.append([event(ONE, 1)])
    with pytest.raises(VersionConflict):
        await log.append([event(TWO, 1), event(ONE, 1)], [Receipt("s", "x", b"f", b"r")])
    assert await log.load({TWO: 0}) == {TWO: []}
    assert await log.receipts([("s", "x")]) == {}


async def test_b1_a_receipt_is_kept_per_school_and_never_overwritten(log: EventLog) -> None:
    await log.append([], [Receipt("s", "x", b"f", b"first")])
    with pytest.raises(VersionConflict):
        await log.append([event(ONE, 1)], [Receipt("s", "x", b"f", b"second")])
    await log.append([], [Receipt("other", "x", b"g", b"theirs")])
    assert await log.receipts([("s", "x"), ("s", "y")]) == {
        ("s", "x"): StoredReceipt(b"f", b"first")
    }
    assert await log.load({ONE: 0}) == {ONE: []}


async def test_a_commit_delayed_below_a_visible_position_is_not_skipped(log: EventLog) -> None:
    """A follower that goes on by the notification id alone loses the late event."""
    async with log.pool.acquire() as slow, slow.transaction():
        await slow.execute(query("append"), [ONE], [1], ["t"], [b"late"], [], [], [], [])
        await log.append([event(TWO, 1, b"early")])
        naive = await log.pool.fetch("select notification_id from stored_events")
        seen = await log.follow(ORIGIN, 10)
        assert [row[0] for row in naive] == [2]
        assert seen == []
    followed = await log.follow(ORIGIN, 10)
    after_naive = await log.pool.fetch(
        "select state from stored_events where notification_id > $1", naive[-1][0]
    )
    assert [found.state for found in followed] == [b"late", b"early"]
    assert after_naive == []


async def test_following_pages_by_position_up_to_an_end_and_by_topic(log: EventLog) -> None:
    for version in (1, 2, 3):
        await log.append([event(ONE, version)])
    first, *rest = await log.follow(ORIGIN, 10)
    assert await log.head() == rest[-1].position
    assert await log.follow(first.position, 1) == rest[:1]
    assert await log.follow(ORIGIN, 10, until=first.position) == [first]
    assert await log.follow(ORIGIN, 10, topics=["another"]) == []
    assert await log.count_after(first.position) == 2
    assert Position.parse(str(first.position)) == first.position


async def test_the_streams_of_a_course_come_from_the_partial_index(log: EventLog) -> None:
    strange = str(Stream("s", "learner-1", "d"))
    await log.append(
        [event(name, 1) for name in (TWO, ONE, strange, course_stream("s", "c"))] + [event(ONE, 2)]
    )
    assert await log.streams("s", "c") == [ONE, TWO]
    assert await log.streams("s", "c", after=ONE) == [TWO]
    async with log.pool.acquire() as connection, connection.transaction():
        await connection.execute("set local enable_seqscan = off")
        plan = await connection.fetch(f"explain {query('streams')}", "s", "c", "", 10)
    assert any("stored_events_streams_of_course" in row[0] for row in plan)


async def test_an_idle_log_has_no_writer_that_holds_followers_back(log: EventLog) -> None:
    assert await log.oldest_writer_age() is None
    async with log.pool.acquire() as writer, writer.transaction():
        await writer.execute(query("append"), [ONE], [1], ["t"], [b""], [], [], [], [])
        age = await log.oldest_writer_age()
    assert age is not None


async def test_migrations_apply_once_and_an_edited_one_is_refused(log: EventLog) -> None:
    assert await migrate(log.pool) == []
    first = migrations()[0]
    with pytest.raises(MigrationChangedError, match=first.name):
        await migrate(log.pool, [Migration(first.name, f"{first.sql}-- edited")])


async def test_a_database_that_does_not_answer_is_told_to_a_person() -> None:
    with pytest.raises(DatabaseUnreachableError, match="COURSEMARK_DATABASE"):
        await open_pool("postgresql://127.0.0.1:1/none", tries=1)


async def test_a_refused_version_is_the_librarys_unique_violation(log: EventLog) -> None:
    await log.append([event(ONE, 1)])
    with pytest.raises(asyncpg.UniqueViolationError):
        await log.pool.execute(query("append"), [ONE], [1], ["t"], [b""], [], [], [], [])
