"""Two workers meet on one stream: decided anew a few times, then refused; nothing twice (B1, B2).

The rival is a second worker's handler on the same database; its appends are real, and come at
the worst moment, between what the first one has decided and its append.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from contracts import registry
from contracts.topics import course_stream
from services.commands.handler import SLICE, TRIES, CommandHandler
from services.commands.incoming import Incoming, fingerprint
from services.store.directory import Directory
from services.store.log import EventLog
from tests.support.school import COURSE, LEARNER, SCHOOL, day, enroll, spend

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from contracts.commands import Command
    from services.commands.answers import Answer
    from services.store.records import NewEvent, Receipt

    Rival = Callable[[], Awaitable[object]]

HOT, CALM = (f"{SCHOOL}/{learner}/{COURSE}" for learner in (LEARNER, "u-calm"))


class Contested(EventLog):
    """A log where a rival comes first at each append that touches a stream, as often as told."""

    def __init__(self, log: EventLog, *rivals: Rival, stream: str = HOT) -> None:
        super().__init__(log.pool)
        self._rivals = list(rivals)
        self._stream = stream
        self.appends = 0

    async def append(self, events: Sequence[NewEvent], receipts: Sequence[Receipt] = ()) -> None:
        self.appends += 1
        touched = not events or self._stream in {event.originator_id for event in events}
        if self._rivals and touched:
            await self._rivals.pop(0)()
        await super().append(events, receipts)


def handler(log: EventLog) -> CommandHandler:
    return CommandHandler(log, Directory(log.pool), lambda: day(30))


def incoming(command: Command, id_: str) -> Incoming:
    name = registry.name_of(command)
    return Incoming(b"k", id_, name, command, fingerprint(name, command), day(29))


def rival(log: EventLog, *batch: Incoming) -> Rival:
    return lambda: handler(log).handle(batch)


def bodies(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    return [json.loads(answer.body) for answer in answers]


async def versions(log: EventLog, stream: str) -> list[int]:
    return [event.originator_version for event in (await log.load({stream: 0}))[stream]]


@pytest.fixture(autouse=True)
async def enrolled(log: EventLog) -> None:
    both = [incoming(enroll(), "e-1"), incoming(enroll(learner="u-calm"), "e-2")]
    assert [it["outcome"] for it in bodies(await handler(log).handle(both))] == ["accepted"] * 2


async def test_the_command_is_decided_anew_on_what_the_other_wrote(log: EventLog) -> None:
    theirs, ours = incoming(spend("a", 1), "theirs"), incoming(spend("a", 2), "ours")
    [answer] = bodies(await handler(Contested(log, rival(log, theirs))).handle([ours]))
    assert [event["version"] for event in answer["events"]] == [3]
    assert await versions(log, HOT) == [1, 2, 3]


async def test_b1_what_another_worker_has_answered_is_answered_the_same(log: EventLog) -> None:
    """The group gave one record to two workers: the second finds the first one's receipt."""
    same = incoming(spend("a", 1), "c-1")
    [answer] = await handler(Contested(log, rival(log, same))).handle([same])
    assert answer == (await handler(log).handle([same]))[0]
    assert await versions(log, HOT) == [1, 2]


async def test_b2_a_stream_that_others_write_to_without_end_is_refused_alone(
    log: EventLog,
) -> None:
    """Its neighbours are carried out; sent again under the same id it is refused the same."""
    hot = [incoming(spend("a", 1), f"hot-{n}") for n in range(2)]
    calm = [incoming(spend("a", 1, learner="u-calm"), f"calm-{n}") for n in range(6)]
    batch = [*calm[:3], hot[0], *calm[3:], hot[1]]
    rivals = [rival(log, incoming(spend("b", 1), f"theirs-{n}")) for n in range(200)]
    contested = Contested(log, *rivals)
    answers = await handler(contested).handle(batch)
    codes = {it["command_id"]: it.get("code") for it in bodies(answers)}
    assert codes == {it.command_id: None for it in calm} | {
        it.command_id: "conflict_retry_exhausted" for it in hot
    }
    assert await versions(log, CALM) == list(range(1, 1 + 1 + len(calm)))
    assert contested.appends <= TRIES * 2 * len(batch) + len(batch)
    assert await handler(log).handle(batch) == answers


async def test_b1_an_answer_that_comes_while_we_give_up_is_the_one_that_counts(
    log: EventLog,
) -> None:
    """The last rival carries out the command itself, just before it would be refused."""
    ours = incoming(spend("a", 1), "ours")
    others = [rival(log, incoming(spend("b", 1), f"theirs-{n}")) for n in range(TRIES)]
    [answer] = await handler(Contested(log, *others, rival(log, ours))).handle([ours])
    assert json.loads(answer.body)["outcome"] == "accepted"
    assert await versions(log, HOT) == list(range(1, 1 + 1 + TRIES + 1))


async def test_nothing_comes_twice_where_a_part_of_the_batch_was_appended_before_the_conflict(
    log: EventLog,
) -> None:
    """The calm stream's slice is in the log already when the hot one's meets its rival."""
    calm = [incoming(spend("a", 1, learner="u-calm"), f"calm-{n}") for n in range(SLICE)]
    hot = [incoming(spend("a", 1), f"hot-{n}") for n in range(9)]
    contested = Contested(log, rival(log, incoming(spend("b", 1), "theirs")))
    answers = bodies(await handler(contested).handle([*calm, *hot]))
    assert {it["outcome"] for it in answers} == {"accepted"}
    assert await versions(log, CALM) == list(range(1, 1 + 1 + len(calm)))
    assert await versions(log, HOT) == list(range(1, 1 + 2 + len(hot)))


async def test_a_structure_that_comes_in_between_is_seen_by_the_next_batch(log: EventLog) -> None:
    """A worker keeps what it has read, and reads what is new with each batch."""
    worker = handler(log)
    await worker.handle([incoming(spend("a", 1), "c-1")])
    [first] = (await log.load({course_stream(SCHOOL, COURSE): 0})).values()
    later = json.loads(first[0].state)
    later["structure_version"] = later["structure"]["version"] = 2
    later["structure"]["sections"][0]["activities"].append({"activity": "new", "type": "text"})
    state = json.dumps(later).encode()
    await log.append([first[0]._replace(originator_version=2, state=state)])
    [answer] = bodies(await worker.handle([incoming(spend("new", 1), "c-2")]))
    assert answer["outcome"] == "accepted"
