"""The composition root: each running part, built from the settings and run until it is stopped."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import NamedTuple, Protocol

import asyncpg

from services.command_worker.by_log import ByLog
from services.command_worker.handler import CommandHandler
from services.command_worker.worker import CommandWorker, now
from services.mailer.consumer import Notices
from services.mailer.ledger import Ledger
from services.mailer.pacing import Pace
from services.mailer.sending import Limits, Sending
from services.mailer.starting import sender_of, transport_of
from services.mailer.unsubscribing import unsubscribing
from services.mailer.wording import Wording
from services.programs.awarding import LIMIT, Awarding
from services.projector.runtime import Projector
from services.publisher.feed import Feed
from services.publisher.publishing import Publishing
from services.publisher.registry import FEEDS, begin_outward
from services.reference_data.catalog import Catalog
from services.reference_data.consumer import ReferenceData
from services.reference_data.people import People
from services.runtime.addresses import find
from services.runtime.bus.client import Connection, connection
from services.runtime.bus.inbox import PARTITION_FETCH, Handler, Inbox
from services.runtime.bus.outbox import Outbox
from services.runtime.bus.provision import TRIES, create_topics
from services.runtime.collecting import few_collections
from services.runtime.following import LogFollower
from services.runtime.http import serve
from services.runtime.readiness import Ready, all_of, nobody_waits
from services.runtime.settings import Settings
from services.runtime.together import together
from services.runtime.topology import PARTS
from services.store.directory import Directory
from services.store.log import EventLog
from services.store.migrations import migrate
from services.store.placement import MAIN
from services.store.pool import open_pool
from services.webhooks.chores import Chores
from services.webhooks.dispatcher import Dispatcher
from services.webhooks.endpoints import Endpoints
from services.webhooks.intake import Intake
from services.webhooks.queue import Queue
from services.webhooks.requests import Requests
from services.zapier.app import application

WEBHOOKS_FETCH = 64 * 1024
"""Bytes ahead of each partition: the dispatcher has two topics' worth of them in memory."""


class Run(Protocol):
    """A part: runs until ``stop`` is set, and tells when it is at work."""

    async def __call__(
        self, settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits
    ) -> None:
        """Run it."""


class Ground(NamedTuple):
    """What a part stands on: the log with its schema, the cluster with its topics."""

    log: EventLog
    outbox: Outbox
    connection: Connection


@asynccontextmanager
async def database(settings: Settings, name: str) -> AsyncIterator[asyncpg.Pool]:
    """A pool of connections to the database, its schema up to date."""
    pool = await open_pool(
        find(settings).database,
        application_name=f"coursemark {name}",
        max_size=settings.database_connections,
    )
    try:
        await migrate(pool)
        yield pool
    finally:
        await pool.close()


@asynccontextmanager
async def ground(settings: Settings, name: str) -> AsyncIterator[Ground]:
    """Database and broker, ready for a part of that name."""
    cluster = connection(settings, find(settings).kafka)
    async with database(settings, name) as pool:
        await create_topics(cluster, settings.partitions, settings.replication, tries=TRIES)
        async with Outbox(cluster) as outbox:
            with few_collections():
                yield Ground(EventLog(pool), outbox, cluster)


async def command_worker(
    settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits
) -> None:
    """Carries out commands."""
    async with ground(settings, "command-worker") as (log, outbox, cluster):
        handler = ByLog({MAIN: CommandHandler(log, Directory(log.pool), now)})
        worker = CommandWorker(handler, outbox, cluster, settings.patience_seconds)
        await _inbox(settings, cluster, "command-worker", worker.handle).run(stop, ready)


async def reference_data(
    settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits
) -> None:
    """Takes in the catalog and the directory."""
    async with ground(settings, "reference-data") as (log, outbox, cluster):
        consumer = ReferenceData(
            Catalog(log, now),
            People(Directory(log.pool)),
            outbox,
            cluster,
            settings.patience_seconds,
        )
        inbox = _inbox(settings, cluster, "reference-data", consumer.handle, asks_first=True)
        await inbox.run(stop, ready)


async def projector(settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
    """Keeps the views."""
    async with database(settings, "projector") as pool:
        ready()
        await Projector(EventLog(pool)).run(stop)


async def publisher(settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
    """Sends events, latest progress, webhooks, Zaps and notices; asks for new evaluations."""
    async with ground(settings, "publisher") as (log, _, cluster):
        await begin_outward(log)
        feeds = [spec.build(log) for spec in FEEDS]
        readies = all_of(ready, len(feeds))

        async def publish(feed: Feed, looked: Ready) -> None:
            async with Outbox(cluster) as outbox:
                limit, patience = settings.publish_batch, settings.patience_seconds
                await Publishing(log, feed, outbox, limit, patience).run(stop, looked)

        async with asyncio.TaskGroup() as group:
            for feed, looked in zip(feeds, readies, strict=True):
                group.create_task(publish(feed, looked), name=feed.name)


async def mailer(settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
    """Sends e-mails, at most one for an attempt."""
    sender, transport = sender_of(settings), transport_of(settings)
    async with ground(settings, "mailer") as (log, outbox, cluster):
        ledger = Ledger(log.pool, sender.address.rpartition("@")[2])
        patience = settings.patience_seconds
        sending = Sending(
            ledger,
            Wording(log.pool, now),
            transport,
            sender,
            pace=Pace(settings.mail_per_second),
            clock=now,
            limits=Limits(settings.smtp_timeout_seconds, patience),
        )
        notices = Notices(ledger, outbox, cluster, patience, now, sending.wake)
        inbox = _inbox(settings, cluster, "mailer", notices.handle)
        await together(stop, sending.run, lambda ending: inbox.run(ending, ready))


async def webhook_dispatcher(
    settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits
) -> None:
    """Delivers webhooks and Zaps to the endpoints that ask for them."""
    patience = settings.patience_seconds
    async with (
        ground(settings, "webhook-dispatcher") as (log, outbox, cluster),
        Requests() as requests,
    ):
        queue, endpoints = Queue(log.pool), Endpoints(log.pool)
        dispatcher = Dispatcher(
            *(queue, endpoints, requests),
            clock=now,
            patience_seconds=patience,
            lease_seconds=settings.webhook_lease_seconds,
        )
        chores = Chores(log.pool, outbox.send, clock=now, patience_seconds=patience)
        intake = Intake(
            *(log.pool, outbox, cluster),
            patience_seconds=patience,
            clock=now,
            wake=dispatcher.wake,
        )
        inbox = _inbox(
            settings, cluster, "webhook-dispatcher", intake.handle, fetch_bytes=WEBHOOKS_FETCH
        )
        await together(stop, dispatcher.run, chores.run, lambda ending: inbox.run(ending, ready))


async def learning_programs(
    settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits
) -> None:
    """Awards learning programmes to who has completed their courses."""
    async with database(settings, "learning-programs") as pool:
        log = EventLog(pool)
        awarding = Awarding(log, now)
        await LogFollower(log, awarding, LIMIT, settings.patience_seconds).run(stop, ready)


async def zapier(settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
    """Answers Zapier over HTTP, and requests to unsubscribe from e-mails."""

    def listens(where: str) -> None:
        logging.getLogger(__name__).info("Zapier's side listens on %s", where)
        ready()

    async with database(settings, "zapier") as pool:
        app = application(EventLog(pool), now)
        app.router.routes += unsubscribing(pool, now)
        await serve(app, settings.zapier_host, settings.zapier_port or 0, stop, listens)


def _inbox(
    settings: Settings,
    cluster: Connection,
    name: str,
    handle: Handler,
    *,
    asks_first: bool = False,
    fetch_bytes: int = PARTITION_FETCH,
) -> Inbox:
    part = PARTS[name]
    if part.group is None:
        raise ValueError(f"the part {name} consumes nothing")
    return Inbox(
        cluster,
        group=part.group,
        topics=part.consumes,
        handle=handle,
        max_records=settings.command_batch,
        silence_seconds=settings.silence_seconds,
        asks_first=asks_first,
        fetch_bytes=fetch_bytes,
    )


RUNS: Mapping[str, Run] = MappingProxyType(
    {
        "command-worker": command_worker,
        "reference-data": reference_data,
        "projector": projector,
        "publisher": publisher,
        "learning-programs": learning_programs,
        "webhook-dispatcher": webhook_dispatcher,
        "mailer": mailer,
        "zapier": zapier,
    }
)
"""How each part is run, by its name; it runs until the event is set."""
