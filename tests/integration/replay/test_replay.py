"""The log again: every event under its own id, in its key's order, marked; and nothing lost."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from contracts import topics
from contracts.envelope import header
from services.publisher.events import message
from services.replay.rate import Rate
from services.replay.replaying import Asked, Replay, Told
from services.runtime.bus.client import Connection
from services.runtime.bus.outbox import Message, Outbox
from services.runtime.embedded.waiting import until
from services.store.cursors import Cursor
from services.store.log import EventLog
from services.store.migrations import migrate
from services.store.pool import open_pool
from services.store.records import ORIGIN
from services.store.restore import renumber_transactions
from services.store.selection import Wanted
from tests.support.appended import Appender
from tests.support.cohort import EVENTS, attend
from tests.support.command_line import Done, coursemark, process
from tests.support.kafka import create_topic, whole
from tests.support.poison import POISON, append_poison

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from aiokafka import ConsumerRecord

LEARNERS = 30


class Replays:
    """``coursemark replay`` to a topic of the test's own, on its own database."""

    def __init__(self, log: EventLog, kafka: str, url: str, prefix: str) -> None:
        self.log = log
        self.kafka = kafka
        self.topic = f"{prefix}replays"
        self.variables = {
            "COURSEMARK_KAFKA": kafka,
            "COURSEMARK_DATABASE": url,
            "COURSEMARK_TOPIC_PREFIX": prefix,
            "COURSEMARK_KAFKA_IDEMPOTENCE": "off",
        }

    async def __call__(self, *words: str, to: str | None = None) -> Done:
        words = ("replay", "--to", to or self.topic, "--json", *words)
        return await asyncio.to_thread(coursemark, *words, **self.variables)

    async def start(self, *words: str) -> asyncio.subprocess.Process:
        return await process("replay", "--to", self.topic, "--json", *words, **self.variables)

    async def arrived(self) -> list[ConsumerRecord[Any, Any]]:
        return await whole(self.kafka, self.topic)

    async def cursors(self) -> list[int]:
        """How far the named replays are, by notification id."""
        query = "select notification_id from projection_cursors where projection like 'replay:%'"
        return [row[0] for row in await self.log.pool.fetch(query)]


@pytest.fixture
async def log(database_url: str) -> AsyncIterator[EventLog]:
    pool = await open_pool(database_url, max_size=4)
    await migrate(pool)
    await attend(Appender(EventLog(pool)), LEARNERS)
    yield EventLog(pool)
    await pool.close()


@pytest.fixture
def replays(log: EventLog, embedded_kafka: str, database_url: str, topic_prefix: str) -> Replays:
    return Replays(log, embedded_kafka, database_url, topic_prefix)


def ids(records: list[ConsumerRecord[Any, Any]]) -> list[str]:
    return [(header(it.headers, "ce_id") or b"").decode() for it in records]


async def test_b11_it_is_what_the_publisher_sends_marked_as_a_replay(
    log: EventLog, kafka: str, database_url: str, topic_prefix: str
) -> None:
    """On both brokers; the topic is made, its name taken as it is."""
    replays = Replays(log, kafka, database_url, topic_prefix)
    done = await replays("--school", "riverside")
    assert done.returncode == 0, done
    told = json.loads(done.stdout)
    assert told["complete"]
    everything = await log.follow(ORIGIN, 10_000)
    assert told["passed"] == len(everything) == 1 + EVENTS * LEARNERS
    assert told["sent"] == dict(sorted(Counter(it.topic for it in everything).items()))
    wanted = defaultdict(list)
    for event in everything:
        sent = message(event)
        marked = (*sent.headers, ("ce_replay", told["replay"].encode()))
        wanted[sent.key].append((sent.value, marked))
    found = defaultdict(list)
    for record in await replays.arrived():
        found[record.key].append((record.value, tuple(record.headers)))
    assert found == wanted


async def test_filters_and_a_broken_off_replay_that_goes_on(replays: Replays) -> None:
    """Positions name both ends; what was sent once is not sent again."""
    middle = (await replays.log.follow(ORIGIN, 300))[-1].position
    only = ("--type", "course_completed", "--type", "progress_reset", "--course", "biology-1")
    first = await replays("--school", "riverside", *only, "--until", str(middle), "--resume", "a")
    assert first.returncode == 0, first
    again = await replays("--school", "riverside", *only, "--until", str(middle), "--resume", "a")
    assert json.loads(again.stdout)["sent"] == {}
    assert json.loads(again.stdout)["resumed"]
    rest = await replays("--school", "riverside", *only, "--from", str(middle))
    assert rest.returncode == 0, rest
    found = ids(await replays.arrived())
    assert len(set(found)) == len(found) == 3 * LEARNERS
    marks = Counter(header(it.headers, "ce_replay") for it in await replays.arrived())
    assert len(marks) == 2
    assert b"a" in marks


async def test_a_replay_goes_on_with_what_came_since_and_only_as_it_was_begun(
    replays: Replays,
) -> None:
    """Another choice under the same name would leave events out; a restore takes nothing away."""
    assert (await replays("--resume", "mirror")).returncode == 0
    await attend(Appender(replays.log), 5, "hilltop", "b")
    await renumber_transactions(replays.log.pool)
    more = json.loads((await replays("--resume", "mirror")).stdout)
    assert sum(more["sent"].values()) == 1 + 5 * EVENTS
    other = await replays("--resume", "mirror", "--school", "hilltop")
    assert other.returncode == 2
    assert "[run_differs]" in other.stderr
    wrong = await replays("--resume", "a:b")
    assert "[run_name_wrong]" in wrong.stderr


async def test_killed_and_resumed_it_loses_nothing_and_repeats_one_batch_at_most(
    replays: Replays,
) -> None:
    """kill -9 in the middle; at 200 a second, 20 go out together."""
    words = ("--rate", "200", "--resume", "killed")
    victim = await replays.start(*words)

    async def some_sent() -> bool:
        return any(at > 60 for at in await replays.cursors())

    assert await until(some_sent, within=60)
    victim.kill()
    await victim.communicate()
    before = len(await replays.arrived())
    assert 60 <= before < 1 + EVENTS * LEARNERS
    done = await replays("--resume", "killed")
    assert done.returncode == 0, done
    found = Counter(ids(await replays.arrived()))
    everything = [topics.event_id(*it[1:3]) for it in await replays.log.follow(ORIGIN, 10_000)]
    assert set(found) == set(everything)
    assert found.total() - len(found) <= 20
    arrived = list(dict.fromkeys(ids(await replays.arrived())))
    for stream in {it.split("@")[0] for it in everything}:
        of_stream = [it for it in everything if it.startswith(f"{stream}@")]
        assert [it for it in arrived if it.startswith(f"{stream}@")] == of_stream


class CrashError(BaseException):
    """The process is gone."""


class Dying(Outbox):
    """Dies at its third send: before it, or when Kafka has acknowledged it."""

    def __init__(self, cluster: Connection, *, acknowledged: bool) -> None:
        super().__init__(cluster)
        self._acknowledged = acknowledged
        self._sends = 0

    async def send(self, messages: Iterable[Message]) -> None:
        self._sends += 1
        if self._sends == 3 and not self._acknowledged:
            raise CrashError
        await super().send(messages)
        if self._sends == 3:
            raise CrashError


@pytest.mark.parametrize("acknowledged", [False, True])
async def test_its_position_is_never_ahead_of_what_kafka_has(
    replays: Replays, acknowledged: bool
) -> None:
    asked = Asked("dying", replays.topic, Wanted(), await replays.log.head())
    cursor = Cursor(replays.log.pool, "replay:dying:")
    cluster = Connection(replays.kafka, idempotent=False)

    async def run(outbox: Outbox) -> None:
        rate = Rate(1_000)  # a hundred at a time
        told = Told(await cursor.read())
        replay = Replay(replays.log, outbox, asked, told, 5, cursor=cursor, rate=rate)
        await replay.run(asyncio.Event(), lambda _: None)
        assert replay.told.complete

    await create_topic(replays.kafka, replays.topic, partitions=3)
    async with Dying(cluster, acknowledged=acknowledged) as outbox:
        with pytest.raises(CrashError):
            await run(outbox)
    async with Outbox(cluster) as outbox:
        await run(outbox)
    found = Counter(ids(await replays.arrived()))
    assert len(found) == 1 + EVENTS * LEARNERS
    assert found.total() - len(found) == (100 if acknowledged else 0)


async def test_ctrl_c_ends_it_after_a_batch_and_says_how_to_go_on(replays: Replays) -> None:
    running = await replays.start("--rate", "50", "--resume", "stopped")

    async def begun() -> bool:
        return bool(await replays.cursors())

    assert await until(begun, within=60)
    running.send_signal(2)
    out, _ = await running.communicate()
    told = json.loads(out)
    assert (running.returncode, told["complete"]) == (130, False)
    assert len(await replays.arrived()) == sum(told["sent"].values())


async def test_what_cannot_be_replayed_is_told_by_a_code(replays: Replays) -> None:
    """Nothing is sent, and no topic of ours is named."""
    for words, to, code in (
        ((), topics.EVENTS, "topic_is_ours"),
        ((), f"{replays.topic}{topics.COMMANDS}", "topic_is_ours"),
        ((), "no topic", "topic_name_wrong"),
        (("--school", "nowhere"), None, "unknown_school"),
        (("--school", "riverside", "--course", "none"), None, "unknown_course"),
        (("--type", "nothing"), None, "unknown_type"),
        (("--from", "2024-05-02", "--until", "2024-05-01"), None, "dates_reversed"),
    ):
        refused = await replays(*words, to=to)
        assert refused.returncode == 2, refused
        assert f"[{code}]" in refused.stderr
    for words in (
        ("--course", "biology-1"),
        ("--from", "yesterday"),
        ("--until", "1:2:3"),
        ("--by", "hand"),
        ("--rate", "0"),
    ):
        assert (await replays(*words)).returncode == 2


async def test_a_poison_event_stops_it_until_it_is_left_out_by_name(replays: Replays) -> None:
    await append_poison(replays.log)
    stopped = await replays("--resume", "p")
    assert stopped.returncode == 70
    assert f"--skip {POISON} [poison_event]" in stopped.stderr
    everything = 1 + EVENTS * LEARNERS
    assert len(await replays.arrived()) == everything
    done = await replays("--resume", "p", "--skip", POISON)
    told = json.loads(done.stdout)
    assert (told["skipped"], told["sent"], told["complete"]) == ([POISON], {}, True)


@pytest.mark.apache
async def test_a_topic_that_refuses_an_event_for_its_size_is_named(
    log: EventLog, apache_kafka: str, database_url: str, topic_prefix: str
) -> None:
    """The embedded broker takes any size."""
    replays = Replays(log, apache_kafka, database_url, topic_prefix)
    small = {"max.message.bytes": "200"}
    await create_topic(apache_kafka, replays.topic, partitions=1, config=small)
    done = await replays()
    assert done.returncode == 78
    assert f"The topic {replays.topic} refuses a message for its size" in done.stderr
