"""Damaged commands, hundreds of them: each has one outcome, no part stops (B2); and again (B1).

``COURSEMARK_SEED`` repeats a run.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections import Counter
from contextlib import asynccontextmanager
from random import Random
from typing import TYPE_CHECKING, Any, get_args
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from contracts import topics
from contracts.commands import EnrollLearner
from contracts.results import Code
from services.command_worker.worker import CommandWorker
from services.commands.handler import CommandHandler
from services.composition.ground import ground
from services.operations.desk import Desk
from services.runtime.bus.inbox import Inbox
from services.runtime.clock import now
from services.store.directory import Directory
from tests.support.bad import WHO, open_school, spend
from tests.support.mutation import mutated, sound
from tests.support.stack import message

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.standing import Outcome, Standing

DAMAGED = 300
UNHARMED = WHO | {"learner": "u:2"}
CODES = {"accepted", *get_args(get_args(Code)[0])}
INTERNALS = ("Traceback", "pydantic", "Error:", "<class", "None", "internal_error", "services.")


@pytest.fixture(scope="module")
def random() -> Random:
    seed = int(os.environ.get("COURSEMARK_SEED", secrets.randbelow(2**32)))
    print(f"COURSEMARK_SEED={seed}")  # noqa: T201 - pytest shows it where a test fails
    return Random(seed)


@pytest_asyncio.fixture(scope="module", autouse=True)
async def school(spine: Standing) -> None:
    await open_school(spine)
    [enrolled] = await spine.settle(message(EnrollLearner(**UNHARMED)))
    assert enrolled.code == "accepted"


async def test_b2_every_damaged_command_has_one_outcome_and_no_part_stops(
    spine: Standing, random: Random
) -> None:
    good = [str(uuid4()) for _ in range(DAMAGED // 10)]
    damaged = [mutated(random) for _ in range(DAMAGED)]
    batch = [*damaged, *(spend(id_, **UNHARMED) for id_ in good)]
    random.shuffle(batch)
    origins = await spine.send(batch)
    outcomes = await spine.come(len(batch))
    letters = [it for it in outcomes if it.marks]
    results = [it for it in outcomes if it.body]
    assert len(letters) + len(results) == len(batch)
    assert len({it.origin for it in letters} & set(origins)) == len(letters)
    for letter in letters:
        sent = batch[origins.index(letter.origin)]
        assert (letter.record.key, letter.record.value) == (sent.key, sent.value)
    for outcome in outcomes:
        _assert_said_to_a_person(outcome)
    codes = {it.body["command_id"]: it.code for it in results}
    assert [codes.get(id_) for id_ in good] == ["accepted"] * len(good)
    [afterwards] = await spine.settle(spend(str(uuid4()), **UNHARMED))
    assert afterwards.code == "accepted"


def _assert_said_to_a_person(outcome: Outcome) -> None:
    if outcome.code == "accepted":
        return
    assert outcome.marks or outcome.code in CODES, outcome.code
    assert outcome.says.endswith("."), outcome.says
    assert not [word for word in INTERNALS if word in outcome.says], outcome.says
    assert len(outcome.says) < 3_000


async def test_b1_the_topic_read_again_gives_the_same_results_and_no_new_events(
    spine: Standing, random: Random
) -> None:
    """Two new groups read all of it at once, in other batches, while their sessions are ended."""
    twice = str(uuid4())
    await spine.settle(
        *[mutated(random) for _ in range(60)],
        *[sound(random) for _ in range(20)],
        spend(twice),
        message(EnrollLearner(**WHO), twice),
    )
    first, events = Counter(map(_bytes, spine.outcomes)), await _events(spine)
    assert "command_id_reused" in {it.code for it in spine.outcomes}
    async with _reading_again(spine, "again-1", 7), _reading_again(spine, "again-2", 50):
        await _end_sessions(spine)
        again = await spine.come(2 * spine.sent)
    spine.sent *= 3
    assert Counter(map(_bytes, again)) == Counter({it: 2 * times for it, times in first.items()})
    assert await _events(spine) == events


def _bytes(outcome: Outcome) -> tuple[Any, ...]:
    record = outcome.record
    return record.topic, record.key, record.value, record.headers


@asynccontextmanager
async def _reading_again(spine: Standing, group: str, max_records: int) -> AsyncIterator[None]:
    """A command worker in a group of its own, which reads the topic from its start."""
    stop = asyncio.Event()
    async with ground(spine.settings, group) as (log, outbox, cluster):
        handler = CommandHandler(log, Directory(log.pool), now)
        inbox = Inbox(
            cluster,
            group=group,
            topics=(topics.COMMANDS,),
            handle=CommandWorker(handler, Desk(log, now), outbox, cluster, 20).handle,
            max_records=max_records,
            silence_seconds=30,
        )
        running = asyncio.create_task(inbox.run(stop))
        try:
            yield
        finally:
            stop.set()
            await running


async def _events(spine: Standing) -> int:
    connection = await asyncpg.connect(spine.settings.database.get_secret_value())
    try:
        return int(await connection.fetchval("select count(*) from stored_events"))
    finally:
        await connection.close()


async def _end_sessions(spine: Standing) -> None:
    """Every connection to the database breaks, those that work and those that wait."""
    connection = await asyncpg.connect(spine.settings.database.get_secret_value())
    try:
        await connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
    finally:
        await connection.close()
