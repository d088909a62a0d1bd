"""Somebody about whom everything is known that can be, beside a namesake at another school."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
import pytest_asyncio

from contracts import topics
from contracts.directory import School, User
from contracts.topics import Stream
from services.mailer.files import FileTransport
from services.privacy.erasing import Done, Erasing
from services.privacy.exporting import exporting
from services.privacy.who import Who
from services.projector.runtime import Projector
from services.publisher.progress import ProgressFeed
from services.publisher.publishing import Publishing
from services.reference_data.people import People
from services.runtime.bus.client import Connection
from services.runtime.bus.outbox import Outbox
from services.runtime.bus.provision import create_topics
from services.store.ownership import Ownership
from tests.erased.looking import rows
from tests.integration.mailer.conftest import Post, completed
from tests.integration.webhooks.conftest import Office, webhook
from tests.support.appended import Appender
from tests.support.happened import course_completed, enrolled, marked, submitted, visited
from tests.support.kafka import whole
from tests.support.receivers import Line, Request, receiver, status
from tests.support.records import received
from tests.support.school import COURSE, LEARNER, SCHOOL, activity, course
from tests.support.stack import reference

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    import asyncpg

    from services.store.log import EventLog

NAME, EMAIL, TAG = "Nadia Haddad", "nadia.haddad@learner.test", "night-shift"
OF_THEM = NAME, EMAIL, TAG
"""What only they have, and nothing may hold after an erasure."""
LAKESIDE = "lakeside"
NADIA, NAMESAKE = Who(SCHOOL, LEARNER), Who(LAKESIDE, LEARNER)
SECOND = "first-aid"
STREAMS = Stream(*NADIA, COURSE), Stream(*NADIA, SECOND)
NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)


def nadia(school: str = SCHOOL) -> User:
    theirs = {"name": NAME, "email": EMAIL, "tags": (TAG,)} if school == SCHOOL else {}
    other = {"name": "Noor Haas", "email": "noor@learner.test"}
    return User(school=school, user=LEARNER, **(theirs or other))


@dataclass
class Place:
    """What a test needs: the log, the broker, the folder of e-mails."""

    log: EventLog
    cluster: Connection
    outbox: Outbox
    mails: Path

    @property
    def pool(self) -> asyncpg.Pool:
        return self.log.pool

    @property
    def erasing(self) -> Erasing:
        return Erasing(self.log, self.outbox, self.mails, lambda: NOON)

    async def erase(self, who: Who = NADIA, actor: str = "u-7", reason: str = "R-1") -> list[Done]:
        found = await self.erasing.look(who)
        return [done async for done in self.erasing.steps(found, actor, reason)]

    async def broken_off(self, after: int) -> None:
        """An erasure whose process is killed after so many steps."""
        found = await self.erasing.look(NADIA)
        async with aclosing(self.erasing.steps(found, "u-7", "R-1")) as steps:
            for _ in range(after):
                await anext(steps)

    async def read_directory(self, records: Sequence[Any]) -> None:
        """Records of the directory's topic, as its consumer handles them."""
        ownership = Ownership(self.pool)
        await ownership.claim({(it.topic, it.partition) for it in records})
        assert await People(self.pool, ownership).handle(records) == []

    async def publish_progress(self, outbox: Outbox | None = None) -> None:
        publishing = Publishing(self.log, ProgressFeed(self.log), outbox or self.outbox, 100, 10)
        while await publishing.step():
            pass

    async def last(self, topic: str) -> dict[bytes | None, bytes | None]:
        """The topic from its start: what stands under each key in the end."""
        records = await whole(self.cluster.bootstrap, self.cluster.topic(topic))
        return {it.key: it.value for it in records}

    async def progress(self) -> dict[str, bool]:
        """Stream → whether something stands under it."""
        last = await self.last(topics.PROGRESS)
        return {(key or b"").decode(): value is not None for key, value in last.items()}

    async def dump(self) -> dict[str, list[str]]:
        """Every row of every table and view's table."""
        return await rows(self.pool)

    async def where(self, *words: str) -> set[str]:
        """Which tables hold any of these words, capitals or not."""
        dump = await self.dump()
        return {
            table
            for table, rows in dump.items()
            if any(word.lower() in row.lower() for row in rows for word in words)
        }

    async def document(self, who: Who = NADIA) -> Any:
        return orjson.loads(await self.exported(who))

    async def exported(self, who: Who = NADIA) -> bytes:
        async with exporting(self.pool, who) as export:
            return b"".join([piece async for piece in export.pieces()])


async def _echo(request: Request, line: Line) -> None:
    """A receiver that repeats in its answer what it was told, as some do."""
    line.writer.write(status(200, body=request.body))


@pytest_asyncio.fixture
async def place(
    log: EventLog, embedded_kafka: str, topic_prefix: str, tmp_path: Path
) -> AsyncIterator[Place]:
    cluster = Connection(embedded_kafka, topic_prefix, idempotent=False)
    await create_topics(cluster, partitions=2, replication=1)
    async with Outbox(cluster) as outbox:
        yield Place(log, cluster, outbox, tmp_path / "mail")


@pytest_asyncio.fixture
async def full(place: Place) -> Place:
    """Known everywhere: directory, log, views, topics, e-mails sent and waiting, webhooks."""
    people = [reference(nadia()), reference(nadia(LAKESIDE))]
    schools = [reference(School(school=it, plan="starter")) for it in (SCHOOL, LAKESIDE)]
    await place.outbox.send([*schools, *people])
    await place.read_directory([received(it) for it in [*schools, *people]])
    await _history(place)
    await Projector(place.log).catch_up()
    await place.publish_progress()
    await asyncio.gather(_mailed(place), _told(place))
    return place


async def _history(place: Place) -> None:
    appender = Appender(place.log)
    of = course(activity("a"), activity("quiz", "exam"))
    for school in (SCHOOL, LAKESIDE):
        await appender.published(of, school)
    await appender.happened(
        enrolled(),
        visited("a"),
        marked("a"),
        submitted("quiz", 80.0),
        marked("quiz", "exam", 80.0),
        course_completed("manual", email=True),
        to=STREAMS[0],
        note="Sat on paper.",
    )
    await appender.happened(enrolled(), to=STREAMS[1])
    await appender.happened(enrolled(), visited("a"), to=Stream(*NAMESAKE, COURSE))


async def _mailed(place: Place) -> None:
    """One e-mail in the folder, one that waits, and the wish for no more."""
    post = Post(place.pool)
    await post.intends(completed(LEARNER))
    transport = FileTransport(place.mails)
    assert await post.mailer(transport).step() == 1
    elsewhere = completed(LEARNER, school=LAKESIDE, event_id=f"{Stream(*NAMESAKE, COURSE)}@1")
    await post.intends(completed(LEARNER, attempt=2), elsewhere)
    await place.pool.execute(
        "insert into mail_suppressions (school, user_id, since, cause) "
        "values ($1, $2, now(), 'administrator'), ($3, $2, now(), 'administrator')",
        *(SCHOOL, LEARNER, LAKESIDE),
    )


async def _told(place: Place) -> None:
    """A delivery whose receiver answered with all it was told."""
    office = Office(place.pool)
    async with receiver(_echo) as listening:
        await office.endpoint(listening.url)
        await office.queue(webhook(learner=LEARNER))
        assert await office.deliver() == 1
        assert NAME.encode() in listening.seen[0].body
