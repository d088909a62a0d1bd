"""A command on Kafka becomes events and a result; the same id is answered the same (B1, B2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts import topics
from contracts.catalog import Activity, CompletionRules, CourseStructure, Section
from contracts.commands import (
    EnrollLearner,
    MarkComplete,
    RecordActivity,
    ResetProgress,
    Submission,
)
from contracts.directory import School, User
from services.runtime.embedded.waiting import until
from services.store.migrations import migrate
from services.store.pool import open_pool
from tests.support.stack import message, parts, read, reference, results, send, settings

if TYPE_CHECKING:
    from services.runtime.settings import Settings

WHO = {"school": "riverside", "learner": "u-1", "course": "biology"}
COURSE = CourseStructure(
    school="riverside",
    course="biology",
    version=1,
    sections=(
        Section(
            section="s",
            activities=(
                Activity(activity="read", type="text", rules=CompletionRules(visited=True)),
                Activity(activity="quiz", type="form", rules=CompletionRules(submitted=True)),
            ),
        ),
    ),
)
DIRECTORY = (
    School(school="riverside", plan="starter"),
    User(school="riverside", user="ada", role_level="admin"),
    User(school="riverside", user="u-1"),
)


@pytest.fixture
def stack(kafka: str, database_url: str, topic_prefix: str) -> Settings:
    return settings(kafka, database_url, topic_prefix)


async def known(stack: Settings) -> None:
    """Wait until directory and catalog have arrived."""
    pool = await open_pool(stack.database.get_secret_value())
    await migrate(pool)

    async def there() -> bool:
        return bool(
            await pool.fetchval(
                "select exists (select from stored_events) and (select count(*) from users) = 2"
            )
        )

    try:
        assert await until(there, within=60)
    finally:
        await pool.close()


async def test_b1_b2_from_kafka_to_results_and_events(stack: Settings) -> None:
    await send(stack, map(reference, (COURSE, *DIRECTORY)))
    admin = {"actor": "ada", "send_completion_email": False}
    commands = [
        message(EnrollLearner(**WHO), "c-1"),
        message(RecordActivity(**WHO, activity="quiz", signal=Submission(score=70)), "c-2"),
        message(MarkComplete(**WHO, **admin, activities="whole_course"), "c-3"),
        message(ResetProgress(**WHO, actor="u-1", activities="whole_course"), "c-4"),
        message(EnrollLearner(**WHO), "c-1"),
        message(RecordActivity(**WHO, activity="read", signal=Submission(score=70)), "c-2"),
    ]
    async with parts(stack):
        await known(stack)
        await send(stack, commands)
        found = await results(stack, 6)
        events = await read(stack, topics.EVENTS, 6)
    by_id = [(r["command_id"], r["outcome"], r.get("code")) for r in found]
    assert by_id == [
        ("c-1", "accepted", None),
        ("c-2", "accepted", None),
        ("c-3", "accepted", None),
        ("c-4", "rejected", "not_permitted"),
        ("c-1", "accepted", None),
        ("c-2", "rejected", "command_id_reused"),
    ]
    assert found[0] == found[4]
    assert len(events) == 1 + 1 + 2 + 2
