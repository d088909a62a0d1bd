"""A list of learners that is too long for one message, between good messages (B2).

A message names 1,000 learners at the most; more come in parts of one operation.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest_asyncio
from aiokafka.errors import MessageSizeTooLargeError

from contracts import registry
from contracts.operations import BulkEnroll, BulkMarkComplete
from tests.support.bad import binary, open_school, record, spend

if TYPE_CHECKING:
    from services.runtime.bus.outbox import Message
    from tests.support.standing import Outcome, Standing

ENROLL, MARK = (registry.name_of(it) for it in (BulkEnroll, BulkMarkComplete))
ASKED: dict[str, dict[str, Any]] = {
    ENROLL: {"courses": ["biology"]},
    MARK: {"course": "biology", "activities": "whole_course", "send_completion_email": False},
}


@pytest_asyncio.fixture(scope="module")
async def school(spine: Standing) -> Standing:
    """All parts, and a school that they know."""
    await open_school(spine)
    return spine


def bulk(id_: str, name: str, learners: list[str], operation: str = "spring") -> Message:
    key = f"riverside/{operation}".encode()
    fields = {"school": "riverside", "operation": operation, "actor": "ada", "learners": learners}
    return record(json.dumps(fields | ASKED[name]).encode(), binary(id_, name), key)


async def between(school: Standing, bad: Message) -> tuple[Outcome, list[Outcome]]:
    """What becomes of it, and of a learner's command before it and an operation behind it."""
    before, behind = str(uuid4()), str(uuid4())
    good = spend(before), bulk(behind, MARK, ["u-1"], f"op-{behind}")
    await school.send((good[0], bad, good[1]))
    outcomes = {it.body.get("command_id"): it for it in await school.come(3)}
    neighbours = [outcomes.pop(before), outcomes.pop(behind)]
    [outcome] = outcomes.values()
    return outcome, neighbours


async def test_b2_m2_10001_learners_in_one_message_are_refused_and_the_neighbours_carried_out(
    school: Standing,
) -> None:
    """Whatever is asked for; the consumer goes on, and so does whoever sends it in parts."""
    for name in (ENROLL, MARK):
        bad = bulk(f"long-{name}", name, [f"u-{number}" for number in range(10_001)])
        outcome, neighbours = await between(school, bad)
        assert [it.code for it in neighbours] == ["accepted"] * 2
        assert (outcome.code, outcome.record.key) == ("invalid_command", bad.key)
        assert outcome.body["command_id"] == f"long-{name}"
        assert outcome.says == "learners: has too many entries; send at most 1,000."
        [again] = await school.settle(bulk(str(uuid4()), name, ["u-1"], f"fits-{name}"))
        assert again.code == "accepted"


async def test_b2_m2_1000_learners_are_no_fault_and_1001_are(school: Standing) -> None:
    for count, code in ((1_000, "accepted"), (1_001, "invalid_command")):
        learners = [f"u-{number}" for number in range(count)]
        outcome, _ = await between(school, bulk(f"just-{count}", ENROLL, learners, f"op-{count}"))
        assert outcome.code == code


async def test_b2_m2_10001_long_names_are_refused_to_the_producer_or_answered(
    school: Standing,
) -> None:
    """With the longest ids they are over a mebibyte, which Apache Kafka takes on no topic of ours.

    The embedded broker has no limit; there the sentence is of the size.
    """
    bad = bulk("large", ENROLL, [f"{number:0>128}" for number in range(10_001)])
    try:
        [outcome] = await school.settle(bad)
    except MessageSizeTooLargeError:
        [after] = await school.settle(spend(str(uuid4())))
        assert after.code == "accepted"
    else:
        assert outcome.code == "invalid_command"
        assert outcome.says == (
            "The message has more than 1,048,576 bytes; split the command into several."
        )
