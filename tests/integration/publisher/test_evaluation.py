"""A new structure asks for each learner of its course to be worked out anew, once (B9, M14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts import topics
from contracts.commands import EvaluateCourse
from contracts.envelope import read
from contracts.topics import Stream
from services.publisher.evaluation import TYPE, EvaluationFeed
from services.runtime.bus.outbox import Outbox
from services.store.log import EventLog
from services.store.records import ORIGIN
from tests.support.appended import Appender
from tests.support.happened import enrolled
from tests.support.kafka import whole
from tests.support.school import COURSE, SCHOOL, activity, course

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from services.runtime.bus.client import Connection
    from services.runtime.bus.record import Record

LEARNERS = [Stream(SCHOOL, f"u-{n}", COURSE) for n in range(5)]
ELSEWHERE = Stream(SCHOOL, "u-0", "maths")


class SmallPages(EventLog):
    """A log that is read two learners at a time."""

    def pages(self, school: str, course: str, size: int = 2) -> AsyncIterator[list[str]]:
        return super().pages(school, course, size)


Asked = tuple[str, int, str]
"""A stream, the structure's version and the command's id."""


async def asked(cluster: Connection, log: EventLog) -> list[Asked]:
    """Whom a feed that begins at the start of the log asks for, sorted."""
    async with Outbox(cluster) as outbox:
        feed = EvaluationFeed(SmallPages(log.pool))
        events = await log.follow(ORIGIN, 1_000, topics=feed.topics)
        async for page in feed.pages(events):
            await outbox.send(page)
    return sorted(map(_asked, await whole(cluster.bootstrap, cluster.topic(topics.COMMANDS))))


def _asked(record: Record) -> Asked:
    envelope = read(record.value, record.headers)
    command = EvaluateCourse.model_validate_json(envelope.data)
    assert envelope.type == TYPE
    assert record.key == f"{command.school}/{command.learner}".encode()
    stream = Stream(command.school, command.learner, command.course)
    return str(stream), command.structure_version, envelope.id


async def test_b9_every_learner_of_the_course_is_asked_for_and_no_other(
    cluster: Connection, log: EventLog
) -> None:
    appender = Appender(log)
    for stream in (*LEARNERS, ELSEWHERE):
        await appender.happened(enrolled(), to=stream)
    await appender.published(course(activity("a")))
    found = await asked(cluster, log)
    assert [(stream, version) for stream, version, _ in found] == [(str(it), 1) for it in LEARNERS]


async def test_b9_of_two_structures_the_later_asks_alone(
    cluster: Connection, log: EventLog
) -> None:
    appender = Appender(log)
    await appender.happened(enrolled(), to=LEARNERS[0], structure_version=2)
    for version in (1, 2):
        await appender.published(course(activity("a"), version=version))
    found = await asked(cluster, log)
    assert [(stream, version) for stream, version, _ in found] == [(str(LEARNERS[0]), 2)]


async def test_b9_who_enrolled_under_an_older_structure_is_asked_for_too(
    cluster: Connection, log: EventLog
) -> None:
    """The enrolment was decided at the moment that the structure came, and stands behind it."""
    appender = Appender(log)
    await appender.published(course(activity("a"), version=2))
    await appender.happened(enrolled(), to=LEARNERS[0], structure_version=1)
    await appender.happened(enrolled(), to=LEARNERS[1], structure_version=2)
    late = [stream for stream, *_ in await asked(cluster, log)]
    # By the structure, which finds both in the log by now, and again as one that came late.
    assert late == [str(LEARNERS[0])] * 2 + [str(LEARNERS[1])]


async def test_b1_asking_again_asks_under_the_same_ids(cluster: Connection, log: EventLog) -> None:
    """After a crash all is sent again; the command worker answers it from its receipts."""
    appender = Appender(log)
    for stream in LEARNERS[:2]:
        await appender.happened(enrolled(), to=stream)
    await appender.published(course(activity("a")))
    first = await asked(cluster, log)
    assert await asked(cluster, log) == sorted(first * 2)
    assert len({id_ for *_, id_ in first}) == len(first)


async def test_a_course_without_learners_asks_for_nobody(
    cluster: Connection, log: EventLog
) -> None:
    await Appender(log).published(course(activity("a")))
    assert await asked(cluster, log) == []
