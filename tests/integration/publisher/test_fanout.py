"""What webhooks, Zapier and the mailer are sent: all of it, in order, under stable ids (B11)."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from contracts import registry, topics
from contracts.topics import Stream
from projections.registry import PROJECTIONS
from services.projector.runtime import Projector
from services.publisher.publishing import Publishing
from services.publisher.registry import FEEDS
from services.runtime.bus.client import Connection
from services.runtime.bus.outbox import Outbox
from services.runtime.bus.provision import create_topics
from services.store.cursors import Cursor
from services.store.records import ORIGIN
from tests.support.appended import MINE, Appender
from tests.support.happened import (
    activities_reset,
    course_completed,
    course_reset,
    earned,
    enrolled,
    marked,
    spent,
    unenrolled,
    visited,
)
from tests.support.kafka import whole
from tests.support.programs import awarded, published
from tests.support.programs import program as programme
from tests.support.recertifying import announced
from tests.support.school import COURSE, LEARNER, SCHOOL, activity, course

if TYPE_CHECKING:
    from services.runtime.bus.record import Record
    from services.store.log import EventLog

OTHER = Stream(SCHOOL, "u-2", COURSE)
OUTWARD = {
    "publish-webhooks": topics.WEBHOOKS,
    "publish-zapier": topics.ZAPIER,
    "publish-notifications": topics.NOTIFICATIONS,
}
MINE_TOLD = [
    *("enrolled", "activity_completed", "activity_completed", "certificate_awarded"),
    *("course_completed", "progress_reset", "activity_completed", "course_completed"),
    *("progress_reset", "unenrolled_from_product", "learning_program_completed"),
    "recertification_due",
]
"""Of the learner's history below."""


async def history(log: EventLog) -> Appender:
    """Two learners; one does everything there is, with and without an e-mail."""
    appender = Appender(log)
    biology = course(activity("read"), activity("award", "certificate"))
    titled = biology.structure.model_copy(update={"title": "Biology"})
    await appender.published(type(biology)(titled, biology.published_at))
    await appender.happened(enrolled(), to=OTHER)
    await appender.happened(enrolled(), visited("read"), earned("read"), spent("read", 60))
    await appender.happened(
        marked("award", "certificate", 100),
        course_completed("manual", email=True),
        correlation_id="job-1",
    )
    await appender.happened(earned("read"), course_completed("earned"), to=OTHER)
    await appender.happened(
        activities_reset("award", reopens=True),
        marked("award", "video", 100),
        course_completed("manual"),
    )
    await appender.happened(course_reset(2, reopens=True), unenrolled())
    green = programme(COURSE, title="Green")
    await appender.append([(topics.program_stream(SCHOOL, green.program), published(green))])
    await appender.append([(topics.awards_stream(SCHOOL, LEARNER), awarded())])
    await appender.append([(topics.recertification_stream(SCHOOL, LEARNER), announced())])
    return appender


async def publish(log: EventLog, cluster: Connection) -> None:
    """Every outward feed, to the head of the log."""
    async with Outbox(cluster) as outbox:
        for spec in FEEDS:
            if spec.outward:
                publishing = Publishing(log, spec.build(log), outbox, 5, patience_seconds=10)
                while await publishing.step():
                    pass


async def on(cluster: Connection, topic: str) -> dict[str, list[Record]]:
    """Each key's records, in their order."""
    found: dict[str, list[Record]] = defaultdict(list)
    for record in await whole(cluster.bootstrap, cluster.topic(topic)):
        found[(record.key or b"").decode()].append(record)
    return found


async def sent(cluster: Connection) -> dict[str, int]:
    """How many records each outward topic has."""
    return {it: len(await whole(cluster.bootstrap, cluster.topic(it))) for it in OUTWARD.values()}


def bodies(records: list[Record]) -> list[dict[str, Any]]:
    return [json.loads(it.value or b"") for it in records]


def headers(record: Record) -> dict[str, str]:
    return {name: (raw or b"").decode() for name, raw in record.headers}


async def test_b11_each_learner_s_messages_come_in_order_and_again_under_the_same_ids(
    kafka: str, topic_prefix: str, log: EventLog
) -> None:
    cluster = Connection(kafka, topic_prefix, idempotent=False)
    await create_topics(cluster, partitions=2, replication=1)
    await history(log)
    await publish(log, cluster)
    mine, other = f"{SCHOOL}/{LEARNER}", f"{SCHOOL}/u-2"
    for topic in (topics.WEBHOOKS, topics.ZAPIER):
        found = await on(cluster, topic)
        assert found.keys() == {mine, other}
        assert [it["trigger"] for it in bodies(found[mine])] == MINE_TOLD
        assert [it["trigger"] for it in bodies(found[other])] == [
            *("enrolled", "activity_completed", "course_completed")
        ]
        for record, body in zip(found[mine], bodies(found[mine]), strict=True):
            said = headers(record)
            assert said["ce_id"] == body["id"]
            assert said["ce_subject"] == body["event_id"]
            assert said["ce_type"] in {*registry.WEBHOOKS, *registry.ZAPIER}
            registry.ALL[said["ce_type"]].model_validate_json(record.value or b"")
    assert {it.get("course_title") for it in bodies(found[mine])} == {"Biology", None}
    assert bodies(found[mine])[-2]["program_title"] == "Green"
    assert {headers(it).get("ce_correlationid") for it in found[mine][3:5]} == {"job-1"}
    await sent_again_is_equal(log, cluster)


async def sent_again_is_equal(log: EventLog, cluster: Connection) -> None:
    first = {topic: await on(cluster, topic) for topic in OUTWARD.values()}
    for name in OUTWARD:
        cursor = Cursor(log.pool, name)
        await cursor.move(await cursor.read(), ORIGIN)
    await publish(log, cluster)
    for topic, records in first.items():
        again = await on(cluster, topic)
        for key, of_key in records.items():
            values = [(it.value, it.headers) for it in again[key]]
            assert values == 2 * [(it.value, it.headers) for it in of_key]


async def test_m5_only_what_the_command_said_is_mailed(cluster: Connection, log: EventLog) -> None:
    """Three completions, one of them with an e-mail."""
    await history(log)
    await publish(log, cluster)
    ((key, (record,)),) = (await on(cluster, topics.NOTIFICATIONS)).items()
    assert key == f"{SCHOOL}/{LEARNER}"
    (body,) = bodies([record])
    assert (body["attempt"], body["course_title"], body["manually_completed"]) == (
        1,
        "Biology",
        True,
    )
    assert headers(record)["ce_type"] == "coursemark.notifications.completion_notice.v1"


async def test_a_rebuild_of_every_view_sends_nothing(cluster: Connection, log: EventLog) -> None:
    await history(log)
    projector = Projector(log)
    await projector.catch_up()
    await publish(log, cluster)
    before = await sent(cluster)
    for view in PROJECTIONS:
        await projector.rebuild(view.name)
    await publish(log, cluster)
    assert await sent(cluster) == before
    assert all(before.values())


async def test_an_unknown_course_leaves_the_title_out(cluster: Connection, log: EventLog) -> None:
    """The event may be older than any structure that Coursemark was given."""
    await Appender(log).happened(enrolled(), course_completed("manual", email=True), to=MINE)
    await publish(log, cluster)
    for topic in OUTWARD.values():
        for records in (await on(cluster, topic)).values():
            for body in bodies(records):
                assert "title" not in json.dumps(body)
