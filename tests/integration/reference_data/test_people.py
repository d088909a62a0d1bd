"""The last record of each key stands in the directory; a tombstone erases (A1, A2)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from contracts.directory import School, User
from services.reference_data.people import People
from services.runtime.embedded.waiting import until
from services.store.directory import Directory, Facts
from services.store.ownership import NotOwnerError, Ownership
from services.store.people import people
from tests.support.records import Received, received
from tests.support.stack import reference

if TYPE_CHECKING:
    from services.store.log import EventLog

WHO = {("riverside", "ada"), ("riverside", "u-1"), ("lakeside", "ada")}


def school(plan: str, name: str = "riverside") -> Received:
    return received(reference(School(school=name, plan=plan)))


def user(level: str = "user", name: str = "ada", of: str = "riverside") -> Received:
    made = User(school=of, user=name, role_level=level, name="Ada", email="ada@example.org")
    return received(reference(made))


def tombstone(key: bytes | None) -> Received:
    return user()._replace(key=key, value=None)


async def facts(log: EventLog) -> Facts:
    return await Directory(log.pool).facts({"riverside", "lakeside"}, WHO)


async def handle(log: EventLog, *records: Received) -> list[str]:
    """The codes of those that are none of ours."""
    ownership = Ownership(log.pool)
    await ownership.claim({(record.topic, record.partition) for record in records})
    dead = await People(log.pool, ownership).handle(records)
    return [problem.code for _, problem in dead]


async def test_a1_a2_the_last_record_of_a_key_stands(log: EventLog) -> None:
    records = [school("free"), user("admin"), school("starter"), user("reporter"), user(name="u-1")]
    assert await handle(log, *records) == []
    assert await facts(log) == Facts(
        {"riverside": "starter"},
        {("riverside", "ada"): "reporter", ("riverside", "u-1"): "user"},
    )


async def test_a_tombstone_erases_and_a_later_record_writes_anew(log: EventLog) -> None:
    await handle(log, school("starter"), user("admin"), user("admin", of="lakeside"))
    await handle(log, tombstone(b"riverside/ada"), tombstone(b"riverside"))
    assert await facts(log) == Facts({}, {("lakeside", "ada"): "admin"})
    assert await log.pool.fetchval("select count(*) from users where email is not null") == 1
    await handle(log, tombstone(b"riverside/ada"), user("instructor"), school("starter"))
    assert (await facts(log)).levels[("riverside", "ada")] == "instructor"


async def test_a_record_and_its_tombstone_in_one_batch_leave_nothing(log: EventLog) -> None:
    await handle(log, user("admin"), school("starter"), tombstone(b"riverside/ada"))
    assert await facts(log) == Facts({"riverside": "starter"}, {})


async def test_a_tombstone_of_nobody_is_no_fault(log: EventLog) -> None:
    assert await handle(log, tombstone(b"riverside/nobody"), tombstone(b"hillside")) == []


@pytest.mark.parametrize("key", [None, b"", b"/", b"a/", b"/u", b"a/b/c", b"a\0", b"\xff"])
async def test_b2_a_tombstone_that_can_erase_nobody_is_told(
    log: EventLog, key: bytes | None
) -> None:
    assert await handle(log, tombstone(key), school("starter")) == ["wrong_key"]
    assert (await facts(log)).plans == {"riverside": "starter"}


async def test_languages_of_schools_and_users_stand_until_a_record_has_none(log: EventLog) -> None:
    # M5: the mailer writes to each in the language that the directory knows.
    spoken = User(school="riverside", user="ada", language="pt-BR")
    await handle(log, received(reference(spoken)))
    await handle(log, received(reference(School(school="riverside", plan="free", language="de"))))
    assert (await people(log.pool, "riverside", ["ada"]))["ada"].language == "pt-BR"
    assert await log.pool.fetchval("select language from schools") == "de"
    await handle(log, user(), school("free"))
    assert (await people(log.pool, "riverside", ["ada"]))["ada"].language is None
    assert await log.pool.fetchval("select language from schools") is None


async def test_who_slept_until_another_claimed_the_partition_writes_nothing(log: EventLog) -> None:
    # An erased user stays erased: the sleeper was still a member when it asked, and is none now.
    sleeper, successor = Ownership(log.pool), Ownership(log.pool)
    partition = {(user().topic, user().partition)}
    await sleeper.claim(partition)
    await People(log.pool, sleeper).handle([user("admin")])
    await successor.claim(partition)
    await People(log.pool, successor).handle([tombstone(b"riverside/ada")])
    with pytest.raises(NotOwnerError):
        await People(log.pool, sleeper).handle([user("admin"), school("starter")])
    assert await facts(log) == Facts({}, {})
    await People(log.pool, successor).handle([school("starter")])
    assert (await facts(log)).plans == {"riverside": "starter"}


async def test_a_claim_waits_for_a_write_that_holds_the_partition(log: EventLog) -> None:
    # What the owner before has begun to write is there before its successor reads.
    owner, successor = Ownership(log.pool), Ownership(log.pool)
    partition = {("coursemark.directory.v1", 0)}
    await owner.claim(partition)
    async with log.pool.acquire() as connection, connection.transaction():
        await owner.hold(connection, partition)
        claiming = asyncio.create_task(successor.claim(partition))
        assert await until(lambda: is_waiting(log), within=10)
    await claiming
    async with log.pool.acquire() as connection:
        await successor.hold(connection, partition)


async def is_waiting(log: EventLog) -> bool:
    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
    return bool(await log.pool.fetchval(f"{waiting} and datname = current_database()"))
