"""Oversize, compressed, oddly named: what a broker lets through that nobody should send (B2).

A body over a mebibyte comes where the broker has no limit, where a topic was made with a larger
one than ours, and where it was compressed.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import pytest_asyncio
from aiokafka.codec import has_lz4, has_snappy, has_zstd
from aiokafka.errors import MessageSizeTooLargeError

from contracts import registry, topics
from contracts.catalog import Activity, CourseStructure, Section
from contracts.commands import EnrollLearner, MarkComplete
from contracts.directory import User
from services.runtime.bus.letters import MARK as LETTER
from services.runtime.bus.outbox import Message
from services.runtime.topology import TOPICS
from tests.support.bad import (
    RECORD,
    WHO,
    assert_buried,
    binary,
    open_school,
    record,
    recording,
    spend,
)
from tests.support.kafka import create_topic, producer
from tests.support.servers import fresh_database
from tests.support.stack import message, settings
from tests.support.standing import standing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from services.runtime.embedded import EmbeddedPostgres
    from tests.support.standing import Outcome, Standing

MIB = 1024 * 1024
MADE_BEFORE = {
    topics.COMMANDS: 20 * MIB,
    topics.CATALOG: 20 * MIB,
    topics.dead(topics.CATALOG): MIB,
    topics.RESULTS: MIB,
}
"""Topics with limits other than ours: larger where Coursemark reads, smaller where it writes."""
LONG_IDS = tuple(f"{n:0>100}" for n in range(3_000))
LONG = "long" * 25
"""A course whose structure is under a mebibyte, and the result of marking it over one."""
STRUCTURE = registry.name_of(CourseStructure)


@pytest_asyncio.fixture(scope="module")
async def spine(broker: str, postgres: EmbeddedPostgres) -> AsyncIterator[Standing]:
    """All parts, on a cluster where somebody has made some of the topics before."""
    prefix = f"t{uuid.uuid4().hex[:10]}."
    for topic, limit in MADE_BEFORE.items():
        config = TOPICS[topic].config() | {"max.message.bytes": str(limit)}
        await create_topic(broker, f"{prefix}{topic}", partitions=4, config=config)
    async with fresh_database(postgres) as url, standing(settings(broker, url, prefix)) as parts:
        await open_school(parts)
        yield parts


async def between(spine: Standing, bad: Message) -> Outcome:
    """What becomes of a bad command between two good ones, all in one batch."""
    before, behind = str(uuid4()), str(uuid4())
    origins = await spine.send((spend(before), bad, spend(behind)))
    outcomes = {it.body.get("command_id"): it for it in await spine.come(3)}
    neighbours = outcomes.pop(before), outcomes.pop(behind)
    assert [it.code for it in neighbours] == ["accepted"] * 2
    [outcome] = outcomes.values()
    if outcome.marks:
        assert outcome.origin == origins[1]
    return outcome


async def test_b2_a_command_that_is_too_large_is_refused(spine: Standing) -> None:
    bad = record(recording(note="x" * 2 * MIB), binary("too-large", RECORD))
    outcome = await between(spine, bad)
    assert (outcome.body["command_id"], outcome.code) == ("too-large", "invalid_command")
    assert outcome.says == (
        "The message has more than 1,048,576 bytes; split the command into several."
    )


async def test_b2_garbage_that_is_too_large_is_kept_whole(spine: Standing) -> None:
    bad = record(b"\xff" * 3 * MIB, {})
    outcome = await between(spine, bad)
    assert outcome.code == "not_utf8"
    assert_buried(outcome, bad)


async def test_b2_a_letter_that_kafka_refuses_loses_its_bytes_and_keeps_its_marks(
    spine: Standing,
) -> None:
    """The embedded broker refuses nothing, so there the bytes are kept."""
    bad = Message(topics.CATALOG, b"riverside/x", b" " * 5 * MIB, [*binary("m", STRUCTURE).items()])
    [place] = await spine.send([bad])
    [outcome] = await spine.come(1)
    assert (outcome.code, outcome.origin, outcome.record.key) == ("too_large", place, bad.key)
    assert outcome.says == (
        "The message has more than 4,194,304 bytes; shorten titles, or split the course."
    )
    if outcome.record.value is None:
        assert outcome.marks["dropped_bytes"] == str(5 * MIB)
        assert all(name.startswith(LETTER) for name, _ in outcome.record.headers)
    else:
        assert_buried(outcome, bad)


async def test_b2_a_user_that_is_too_large_is_buried_or_refused_to_its_producer(
    spine: Standing,
) -> None:
    """Apache Kafka holds the limit of a topic that we have made."""
    try:
        [outcome] = await spine.settle(large_user("x" * 2 * MIB))
    except MessageSizeTooLargeError:
        await spine.publish(User(school="riverside", user="afterwards"))
    else:
        assert outcome.code == "too_large"


async def test_b2_a_compressed_user_that_is_too_large_is_buried(spine: Standing) -> None:
    """No broker sees its size, and the letter goes out whole."""
    bad = large_user(" " * 2 * MIB)
    async with producer(spine.settings.kafka, compression_type="gzip") as client:
        [place] = await spine.send([bad], by=client)
    [outcome] = await spine.come(1)
    assert (outcome.code, outcome.origin) == ("too_large", place)
    assert_buried(outcome, bad)


def large_user(name: str) -> Message:
    body = json.dumps({"school": "riverside", "user": "u-3", "name": name}).encode()
    headers = binary("m-1", registry.name_of(User))
    return Message(topics.DIRECTORY, b"riverside/u-3", body, [*headers.items()])


async def test_b2_a_command_whose_result_kafka_refuses_is_buried_and_carried_out(
    spine: Standing,
) -> None:
    """The embedded broker takes every result; in both, the command is carried out once."""
    sections = (Section(section="s", activities=tuple(map(_long, LONG_IDS))),)
    course = CourseStructure(school="riverside", course=LONG, version=1, sections=sections)
    await spine.publish(course)
    who = WHO | {"course": LONG}
    [enrolled] = await spine.settle(message(EnrollLearner(**who)))
    assert enrolled.code == "accepted", enrolled.says
    bad = message(
        MarkComplete(**who, actor="ada", activities="whole_course", send_completion_email=False)
    )
    outcome = await between(spine, bad)
    if outcome.marks:
        assert outcome.code == "result_too_large"
        assert_buried(outcome, bad)
        assert "refuses a message for its size; set its max.message.bytes to 16777216; " in (
            outcome.says
        )
    else:
        assert len(outcome.body["events"]) == len(LONG_IDS) + 1
    assert len(await spine.log(f"riverside/u-1/{LONG}")) == 1 + len(LONG_IDS) + 1


def _long(id_: str) -> Activity:
    return Activity(activity=id_, type="text")


@pytest.mark.parametrize(
    "codec",
    [
        "gzip",
        *(
            pytest.param(name, marks=pytest.mark.skipif(not there, reason=f"no library for {name}"))
            for name, there in {
                "lz4": has_lz4(),
                "snappy": has_snappy(),
                "zstd": has_zstd(),
            }.items()
        ),
    ],
)
async def test_compressed_commands_are_read(spine: Standing, codec: str) -> None:
    async with producer(spine.settings.kafka, compression_type=codec) as client:
        await spine.send([spend(str(uuid4())), spend(str(uuid4()))], by=client)
    assert [it.code for it in await spine.come(2)] == ["accepted"] * 2


@pytest.mark.parametrize(
    "broker", [pytest.param("apache", marks=pytest.mark.apache)], indirect=True
)
async def test_commands_of_a_transaction_that_was_aborted_are_not_carried_out(
    spine: Standing,
) -> None:
    """The embedded broker has no transactions."""
    id_ = uuid4().hex
    async with producer(spine.settings.kafka, transactional_id=id_) as client:
        await client.begin_transaction()
        await spine.send([spend(f"aborted-{id_}")], by=client)
        await client.abort_transaction()
        spine.sent -= 1
        async with client.transaction():
            await spine.send([spend(f"committed-{id_}")], by=client)
    [outcome] = await spine.come(1)
    assert (outcome.body["command_id"], outcome.code) == (f"committed-{id_}", "accepted")
    [afterwards] = await spine.settle(spend(f"afterwards-{id_}"))
    assert afterwards.body["command_id"] == f"afterwards-{id_}"


async def test_b2_a_header_whose_name_is_not_utf8_stops_nobody(spine: Standing) -> None:
    """aiokafka alone would fail on it at every poll, and read nothing behind it."""
    names = binary(str(uuid4()), RECORD) | {"caf_": b"1"}
    unaddressed = record(b"garbage", {"caf_": b"1"})
    await spine.send(
        [spend(str(uuid4())), record(recording(), names), unaddressed, spend(str(uuid4()))],
        change=_in_latin_1,
    )
    came = await spine.come(4)
    assert sorted(it.code for it in came) == ["accepted"] * 3 + ["not_json"]
    [letter] = [it.record for it in came if it.marks]
    assert [header for header in letter.headers if not header[0].startswith(LETTER)] == [
        (r"caf\xe9", b"1")
    ]


def _in_latin_1(batch: bytearray) -> None:
    batch[:] = batch.replace(b"caf_", b"caf\xe9")
