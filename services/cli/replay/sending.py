"""A replay from its order to what came of it."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import uuid4

from services.cli.chosen import Chosen
from services.cli.running import bar, cluster, database
from services.replay.rate import Rate
from services.replay.replaying import Asked, Replay, Told
from services.replay.target import target
from services.runtime.bus.outbox import Outbox
from services.runtime.bus.provision import create_topics
from services.runtime.settings import Settings
from services.runtime.signals import stop_at_signals
from services.store.log import COUNT_BOUND, EventLog
from services.store.named import named_cursor
from services.store.records import ORIGIN
from services.store.selection import check


class Order(NamedTuple):
    """What was ordered: the topic, the events, how fast, under which name."""

    to: str
    chosen: Chosen
    rate: float | None
    resume: str | None
    skip: Collection[str]


class Done(NamedTuple):
    """A replay's id and topic, what it did, and in how many seconds."""

    id: str
    topic: str
    told: Told
    seconds: float
    resumed: bool


async def send_again(settings: Settings, order: Order) -> Done:
    """Replay until the end or until Ctrl-C.

    Raises:
        TargetError: the topic cannot be one, or is Coursemark's.
        SelectionError: the school or the course is unknown.
        RunNameError: the replay was begun with other choices.
    """
    stop = stop_at_signals()
    topic = target(order.to, settings.topic_prefix)
    connection = (await cluster(settings))._replace(prefix="")
    async with database(settings) as pool:
        log, chosen = EventLog(pool), order.chosen
        await check(log, chosen.wanted)
        what = f"{order.to} {chosen.wanted!r} {chosen.after} {chosen.until}"
        name = order.resume
        cursor = None if name is None else await named_cursor(pool, "replay", name, what)
        stands = ORIGIN if cursor is None else await cursor.read()
        after = max(stands, chosen.after)
        until = chosen.until or await log.head()
        id_ = name or str(uuid4())
        await create_topics(connection, settings.partitions, settings.replication, wanted=[topic])
        total = await log.count_after(after)
        async with Outbox(connection) as outbox:
            asked_for = Asked(id_, topic.name, chosen.wanted, until, order.skip)
            replay = Replay(
                log,
                outbox,
                asked_for,
                Told(after),
                settings.patience_seconds,
                cursor=cursor,
                rate=None if order.rate is None else Rate(order.rate),
            )
            with bar("events passed", total if total < COUNT_BOUND else None) as advance:
                seconds = await replay.run(stop, advance)
    return Done(id_, topic.name, replay.told, seconds, resumed=stands != ORIGIN)
