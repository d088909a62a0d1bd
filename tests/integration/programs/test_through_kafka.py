"""A programme and a mark on Kafka in; the programme's completion on every outward topic (B12)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from contracts import topics
from contracts.directory import School, User
from services.runtime.embedded.waiting import until
from tests.support.kafka import whole
from tests.support.programs import PROGRAM, program
from tests.support.school import (
    ADMINISTRATOR,
    COURSE,
    LEARNER,
    SCHOOL,
    activity,
    course,
    enroll,
    mark,
)
from tests.support.stack import message, parts, reference, send, settings

if TYPE_CHECKING:
    import asyncpg

    from services.store.log import EventLog

PARTS = ("reference-data", "command-worker", "publisher", "learning-programs")


async def test_b12_m11_a_programme_is_told_of_beside_the_course_that_completed_it(
    kafka: str, database_url: str, topic_prefix: str, log: EventLog
) -> None:
    """Once on each topic, marked as its course is, and nothing is mailed that was not asked for."""
    chosen = settings(kafka, database_url, topic_prefix)
    catalog = [
        School(school=SCHOOL, plan="starter"),
        User(school=SCHOOL, user=ADMINISTRATOR, role_level="admin"),
        User(school=SCHOOL, user=LEARNER, role_level="user"),
        course(activity("read")).structure.model_copy(update={"title": "Biology"}),
        program(COURSE, optional=("later",), title="Green"),
    ]

    async def told(topic: str) -> list[dict[str, Any]]:
        found = await whole(kafka, f"{topic_prefix}{topic}")
        return [json.loads(record.value or b"") for record in found]

    async def all_told() -> bool:
        return len(await told(topics.EVENTS)) == 6 and len(await told(topics.ZAPIER)) == 4

    async with parts(chosen, *PARTS):
        await send(chosen, map(reference, catalog))
        assert await until(lambda: _taken_in(log.pool), within=60)
        await send(chosen, [message(enroll()), message(mark())])
        assert await until(all_told, within=60)
        zaps = await told(topics.ZAPIER)
    assert [it["trigger"] for it in zaps] == [
        *("enrolled", "activity_completed", "course_completed", "learning_program_completed")
    ]
    assert zaps[-1]["id"].startswith("msg_")
    assert (zaps[-1]["program_id"], zaps[-1]["program_title"]) == (PROGRAM, "Green")
    assert (zaps[-1]["manually_completed"], zaps[-1]["provenance"]) == (True, "manual")
    hooks = await told(topics.WEBHOOKS)
    assert [it["id"] for it in hooks] == [it["id"] for it in zaps]
    assert hooks[-1]["data"]["program"] == {"id": PROGRAM, "title": "Green"}
    assert await told(topics.NOTIFICATIONS) == []


async def _taken_in(pool: asyncpg.Pool) -> bool:
    """A command that names what is not there yet would be refused."""
    events = await pool.fetchval("select count(*) from stored_events")
    users = await pool.fetchval("select count(*) from users")
    return (events, users) == (2, 2)
