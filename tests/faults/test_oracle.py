"""The oracle finds what it claims to find: for each clause a run is broken by hand.

The run itself is a real one, with commands of all kinds, on the embedded broker.
"""

from __future__ import annotations

import json
import random
import uuid
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import asyncpg
import pytest
import pytest_asyncio

from contracts import registry, topics
from contracts.commands import EvaluateCourse
from contracts.operations import (
    BulkEnroll,
    BulkMarkComplete,
    BulkResetProgress,
    ControlOperation,
    UndoOperation,
)
from services.composition.database import database
from services.runtime.bus.client import connection
from services.runtime.bus.provision import create_topics
from tests.faults.many import CAREFUL, sending
from tests.faults.producing import LEARNERS, Platform
from tests.faults.settling import settled
from tests.support.oracle import operations
from tests.support.oracle.evidence import Evidence, from_kafka, from_postgres
from tests.support.oracle.of_fanout import OUTWARD
from tests.support.oracle.of_kafka import header
from tests.support.oracle.verdict import CLAUSES, holds, violations
from tests.support.servers import fresh_database
from tests.support.stack import parts, settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from contracts.operations import OperationCommand
    from services.runtime.embedded import EmbeddedPostgres
    from services.store.records import FollowedEvent
    from tests.support.oracle.evidence import Record, Stored

COMMANDS = 400
FOR_MANY = 25
EVERYBODY = (*(f"u-{number}" for number in range(LEARNERS)), "u-nobody")
WHAT: dict[str, Any] = {"course": "course-0", "activities": "whole_course"}
GRACE: dict[str, Any] = {"school": CAREFUL, "actor": "staff-0"}
ALAN = GRACE | {"actor": "staff-1"}
OPERATIONS: tuple[tuple[OperationCommand, ...], ...] = (
    (
        BulkMarkComplete(
            **GRACE, **WHAT, operation="marked", learners=EVERYBODY, send_completion_email=False
        ),
        BulkResetProgress(**GRACE, **WHAT, operation="reset", learners=EVERYBODY[:9]),
        BulkEnroll(
            **GRACE, operation="half", part=1, parts=2, courses=("course-1",), learners=EVERYBODY
        ),
    ),
    (
        ControlOperation(**ALAN, operation="marked", action="approve"),
        ControlOperation(**ALAN, operation="half", action="cancel"),
    ),
    (
        ControlOperation(**ALAN, operation="marked", action="retry"),
        UndoOperation(**ALAN, operation="undone", undoes="reset"),
    ),
)
"""Approved and retried; taken back; cancelled before all of it had come: each step at rest."""
KINDS = {"enroll", "mark_complete", "reset_progress", "import", "undo"}


class Run(NamedTuple):
    """A run at rest."""

    postgres: EmbeddedPostgres
    database: str
    """Its name; a copy can be broken."""
    evidence: Evidence

    @asynccontextmanager
    async def copy(self) -> AsyncIterator[str]:
        async with fresh_database(self.postgres, template=self.database) as url:
            yield url


@pytest_asyncio.fixture(scope="module")
async def run(postgres: EmbeddedPostgres, embedded_kafka: str) -> AsyncIterator[Run]:
    prefix = f"t{uuid.uuid4().hex[:10]}."
    async with fresh_database(postgres) as url:
        chosen = settings(embedded_kafka, url, prefix)
        cluster = connection(chosen, embedded_kafka)
        async with database(chosen, "tests"):
            await create_topics(cluster, chosen.partitions, 1)
        async with parts(chosen), Platform(random.Random(4), cluster) as platform:
            await platform.begin(url)
            await settled(url, cluster)
            await platform.enrol()
            for commands in OPERATIONS:
                await platform.send_these([sending(it, str(uuid.uuid4())) for it in commands])
                await settled(url, cluster)
            for _ in range(4):
                await platform.send(COMMANDS // 4)
                await platform.change()
            await platform.send_for_many(FOR_MANY)
            await settled(url, cluster)
        stored, delivered = await from_postgres(url), await from_kafka(embedded_kafka, prefix)
        sent = tuple(platform.sent)
        yield Run(postgres, url.rpartition("/")[2], Evidence(stored, delivered, sent))


def test_it_holds_for_a_run_without_faults(run: Run) -> None:
    holds(run.evidence)
    assert len(run.evidence.stored.events) > COMMANDS / 4
    found = run.evidence.stored.operations.operations.values()
    assert {it["state"] for it in found} > {"completed", "completed_with_errors", "cancelled"}
    assert {it["kind"] for it in found} == KINDS
    chunks = run.evidence.stored.operations.chunks[CAREFUL, "marked"]
    assert [(it["try"], it["failed"].get("unknown_learner")) for it in chunks] == [
        (0, None),
        (1, 1),
    ]


BY_HAND = {
    "versions_are_contiguous": """
        delete from stored_events where (originator_id, originator_version) in (
            select originator_id, max(originator_version) - 1 from stored_events
            group by 1 having max(originator_version) > 2)
    """,
    "views_are_folds": "update progress.courses set time_spent = time_spent + 1",
    "views_are_folds (the events log)": "delete from events_log.entries",
    "views_are_folds (behind)": """
        update projection_cursors set transaction_id = 1 where projection = 'publish-events'
    """,
}
"""What is done to a copy of the database, by the clause that has to notice it."""


@pytest.mark.parametrize("clause", BY_HAND)
async def test_it_notices_what_is_wrong_in_postgresql(run: Run, clause: str) -> None:
    async with run.copy() as url:
        connection = await asyncpg.connect(url)
        try:
            assert not (await connection.execute(BY_HAND[clause])).endswith(" 0")
        finally:
            await connection.close()
        broken = run.evidence._replace(stored=await from_postgres(url))
    assert clause.partition(" ")[0] in violations(broken)


OF_OPERATIONS = {
    "rows_are_those_asked_for": """
        update operation_chunks set rows = rows || jsonb_build_array(rows -> 0) where chunk = 1
    """,
    "rows_are_those_asked_for (left out)": """
        update operation_chunks set rows = rows - 0 where chunk = 1
    """,
    "rows_are_counted_once": "update operation_chunks set done = done + 1, size = size + 1",
    "rows_are_counted_once (not told)": "delete from operation_rows where outcome = 'failed'",
    "rows_are_counted_once (left over)": """
        update operation_chunks set done = null where chunk = 1 and done > 0
    """,
    "operations_did_what_they_count": """
        update operation_chunks set done = null where chunk = 1 and done > 0
    """,
    "operations_did_what_they_count (a preview)": "update operations set dry_run = true",
    "ended_operations_rest": """
        update operations set state = 'cancelled', ended_at = started_at - interval '1 second'
        where state = 'completed' and not dry_run and started_at is not null
    """,
    "operations_are_reported": "update operations set revision = revision + 1",
    "orders_are_obeyed": "update operations set state = 'completed' where state = 'cancelled'",
    "orders_are_obeyed (a part)": "delete from operation_parts where part = 1",
    "orders_are_obeyed (approved)": """
        update operations set approved_by = 'nobody' where approved_by is not null
    """,
}
"""Done to their tables, in a transaction that comes to nothing."""


@pytest.mark.parametrize("clause", OF_OPERATIONS)
async def test_it_notices_what_is_wrong_with_operations(run: Run, clause: str) -> None:
    connection = await asyncpg.connect(run.postgres.url_of(run.database))
    try:
        async with rolled_back(connection):
            assert not (await connection.execute(OF_OPERATIONS[clause])).endswith(" 0")
            found = await operations.read(connection)
    finally:
        await connection.close()
    broken = run.evidence._replace(stored=run.evidence.stored._replace(operations=found))
    assert clause.partition(" ")[0] in violations(broken)


@asynccontextmanager
async def rolled_back(connection: asyncpg.Connection) -> AsyncIterator[None]:
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


def last_of_learners(stored: Stored) -> FollowedEvent:
    return next(it for it in reversed(stored.events) if "~" not in it.originator_id)


def without_an_event(stored: Stored) -> Stored:
    gone = last_of_learners(stored)
    return stored._replace(events=[it for it in stored.events if it is not gone])


def with_an_event_twice(stored: Stored) -> Stored:
    """As a command carried out twice would leave it."""
    last = last_of_learners(stored)
    again = last._replace(originator_version=last.originator_version + 1)
    return stored._replace(events=[*stored.events, again])


def without_a_receipt(stored: Stored) -> Stored:
    bodies = (json.loads(it.state) for it in reversed(stored.events))
    single = (it for it in bodies if "command_id" in it and it.get("batch_id") is None)
    command = next(single)["command_id"]
    return stored._replace(
        receipts={key: it for key, it in stored.receipts.items() if key[1] != command}
    )


def with_another_result(stored: Stored) -> Stored:
    key, receipt = next(iter(stored.receipts.items()))
    changed = receipt._replace(result=receipt.result.replace(b"recorded_at", b"recorded_At"))
    return stored._replace(receipts={**stored.receipts, key: changed})


def with_an_older_row(stored: Stored) -> Stored:
    older = stored.progress[0].model_copy(update={"version": 10_000})
    return stored._replace(progress=[older, *stored.progress[1:]])


def without_a_user(stored: Stored) -> Stored:
    return stored._replace(users=dict(list(stored.users.items())[1:]))


def without_the_last_structures(stored: Stored) -> Stored:
    courses = [it for it in stored.events if "~courses" in it.originator_id]
    return stored._replace(events=[it for it in stored.events if it is not courses[-1]])


def awards_of(stored: Stored) -> list[FollowedEvent]:
    return [it for it in stored.events if it.originator_id.endswith("/~programs")]


def without_an_award(stored: Stored) -> Stored:
    gone = awards_of(stored)[-1]
    return stored._replace(events=[it for it in stored.events if it is not gone])


def with_an_award_twice(stored: Stored) -> Stored:
    return stored._replace(events=[*stored.events, awards_of(stored)[0]])


def with_another_s_award(stored: Stored) -> Stored:
    had = awards_of(stored)[0]
    other = had._replace(state=had.state.replace(b'"learner":"u-', b'"learner":"v-'))
    return stored._replace(events=[*stored.events, other])


STORED: list[tuple[str, Callable[[Stored], Stored]]] = [
    ("accepted_events_stand", without_an_event),
    ("events_have_receipts", with_an_event_twice),
    ("events_have_receipts", without_a_receipt),
    ("results_never_change", with_another_result),
    ("results_never_change", without_a_receipt),
    ("latest_progress_is_last", with_an_older_row),
    ("directory_is_the_last_record", without_a_user),
    ("structures_rise", without_the_last_structures),
    ("programs_are_awarded", without_an_award),
    ("programs_are_awarded", with_an_award_twice),
    ("programs_are_awarded", with_another_s_award),
]
"""What is done to what PostgreSQL holds, by the clause that has to notice it."""


@pytest.mark.parametrize(("clause", "change"), STORED)
def test_it_notices_what_postgresql_has_wrong(
    run: Run, clause: str, change: Callable[[Stored], Stored]
) -> None:
    broken = run.evidence._replace(stored=change(run.evidence.stored))
    assert clause in violations(broken)


def without_last(records: list[Record]) -> list[Record]:
    return records[:-1]


def without_the_last_key(records: list[Record]) -> list[Record]:
    return [record for record in records if record.key != records[-1].key]


def without_a_school(records: list[Record]) -> list[Record]:
    return [record for record in records if record.key != b"riverside"]


def without_a_command(records: list[Record]) -> list[Record]:
    id_ = header(next(filter(is_accepted_or_sent, reversed(records))), "ce_id")
    return [record for record in records if header(record, "ce_id") != id_]


def with_other_bytes(records: list[Record]) -> list[Record]:
    chosen = next(filter(is_accepted_or_sent, reversed(records)))
    value = (chosen.value or b"").replace(b'"recorded_at":"2', b'"recorded_at":"3')
    return [replace(it, value=value) if it is chosen else it for it in records]


def is_accepted_or_sent(record: Record) -> bool:
    """No refusal, whose results may have no receipt; no garbage, which has no id; none of ours."""
    ours = header(record, "ce_type") == registry.name_of(EvaluateCourse)
    return bool(header(record, "ce_id")) and not ours and b'"rejected"' not in (record.value or b"")


def with_other_headers(records: list[Record]) -> list[Record]:
    headers = [(name, b"9" if name == "ce_sequence" else raw) for name, raw in records[0].headers]
    return [*records, replace(records[0], headers=tuple(headers))]


def with_another_id(records: list[Record]) -> list[Record]:
    """What sends again under a new id."""
    headers = [(name, b"msg_2" if name == "ce_id" else raw) for name, raw in records[0].headers]
    return [*records, replace(records[0], headers=tuple(headers))]


def with_another_mark(records: list[Record]) -> list[Record]:
    """M11: what an administrator did is told as earned."""
    manual = b'"manually_completed":true'
    chosen = next(record for record in records if manual in (record.value or b""))
    value = (chosen.value or b"").replace(manual, b'"manually_completed":false')
    return [replace(it, value=value) if it is chosen else it for it in records]


def with_an_older_one_last(records: list[Record]) -> list[Record]:
    """What a sleeper would send: how a learner stood before the last event."""
    latest = {it.key: it for it in records if it.value}.values()
    bodies = ((it, json.loads(it.value or b"")) for it in latest)
    moved_on, body = next((it, body) for it, body in bodies if body["version"] > 1)
    older = body | {"version": body["version"] - 1, "enrolled": not body["enrolled"]}
    return [*records, replace(moved_on, value=json.dumps(older).encode())]


def with_a_late_one_first(records: list[Record]) -> list[Record]:
    keys = [record.key for record in records]
    late = next(record for record in reversed(records) if keys.count(record.key) > 1)
    return [late, *(record for record in records if record is not late)]


def with_the_first_again(records: list[Record]) -> list[Record]:
    """What a sleeper would send: how an operation stood before."""
    keys = [record.key for record in records]
    first = next(record for record in records if keys.count(record.key) > 1)
    return [*records, first]


def with_a_key_in_two_places(records: list[Record]) -> list[Record]:
    return [*records, replace(records[0], partition=records[0].partition + 1)]


def with_a_letter(records: list[Record]) -> list[Record]:
    marks = ("coursemark_error_code", b"internal_error"), ("coursemark_offset", b"-1")
    return [replace(records[0], headers=(*marks, ("coursemark_partition", b"0")))]


DELIVERED: list[tuple[str, str, Callable[[list[Record]], list[Record]]]] = [
    ("events_are_delivered", topics.EVENTS, without_last),
    ("events_are_delivered", topics.EVENTS, with_other_bytes),
    ("events_are_delivered", topics.EVENTS, with_other_headers),
    ("events_are_in_order", topics.EVENTS, with_a_late_one_first),
    ("latest_progress_is_last", topics.PROGRESS, without_the_last_key),
    ("latest_progress_is_last", topics.PROGRESS, with_an_older_one_last),
    *(
        (clause, topic, change)
        for topic in OUTWARD
        for clause, change in (
            ("fan_out_is_delivered", without_the_last_key),
            ("fan_out_is_delivered", with_another_id),
            ("fan_out_is_delivered", with_another_mark),
            ("fan_out_is_in_order", with_a_key_in_two_places),
        )
    ),
    ("fan_out_is_in_order", topics.WEBHOOKS, with_a_late_one_first),
    ("fan_out_is_in_order", topics.ZAPIER, with_a_late_one_first),
    ("commands_are_answered", topics.RESULTS, without_a_command),
    ("commands_are_answered", topics.COMMANDS, without_a_command),
    ("results_never_change", topics.RESULTS, without_a_command),
    ("results_never_change", topics.RESULTS, with_other_bytes),
    ("nothing_else_is_dead", topics.dead(topics.COMMANDS), with_a_letter),
    ("directory_is_the_last_record", topics.DIRECTORY, without_a_school),
    ("structures_rise", topics.CATALOG, without_the_last_key),
    ("operations_are_reported", topics.OPERATIONS, without_the_last_key),
    ("operations_are_reported", topics.OPERATIONS, with_the_first_again),
]
"""What is done to a topic, by the clause that has to notice it."""


@pytest.mark.parametrize(("clause", "topic", "change"), DELIVERED)
def test_it_notices_what_is_wrong_on_kafka(
    run: Run, clause: str, topic: str, change: Callable[[list[Record]], list[Record]]
) -> None:
    records = change(list(run.evidence.delivered[topic]))
    broken = run.evidence._replace(delivered={**run.evidence.delivered, topic: records})
    assert clause in violations(broken)


def test_a_repeat_is_allowed_as_a_repeat(run: Run) -> None:
    """At least once: events and results come again, equal, whenever they like."""
    delivered = dict(run.evidence.delivered)
    for topic in (topics.EVENTS, topics.RESULTS, topics.COMMANDS, *OUTWARD):
        delivered[topic] = [*delivered[topic], *delivered[topic][:50]]
    holds(run.evidence._replace(delivered=delivered))


def test_no_clause_goes_untested() -> None:
    tested = {name.partition(" ")[0] for name in (*BY_HAND, *OF_OPERATIONS)}
    tested |= {name for name, *_ in (*STORED, *DELIVERED)}
    assert tested == {clause.__name__ for clause in CLAUSES}
