"""B7 from Kafka to Kafka: what is taken back, what cannot be, and what nobody is told (A3)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import pytest_asyncio

from contracts import registry, topics
from contracts.commands import (
    EnrollLearner,
    MarkComplete,
    RecordActivity,
    ResetProgress,
    Submission,
    UndoCommand,
)
from contracts.operations import BulkMarkComplete
from services.operations.sent import of_command, of_operation
from services.runtime.clock import now
from services.runtime.embedded.waiting import until
from services.store.pool import open_pool
from services.webhooks.endpoints import Endpoints, Wanted
from tests.support.bad import (
    COURSE,
    DIRECTORY,
    WHO,
    Became,
    Case,
    assert_became,
    binary,
    open_school,
    record,
    settle_all,
)
from tests.support.kafka import whole
from tests.support.stack import message

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    import asyncpg

    from services.operations.sent import Sent
    from services.runtime.bus.outbox import Message
    from tests.support.standing import Outcome, Standing

UNDO = registry.name_of(UndoCommand)
ADMIN: dict[str, Any] = {"actor": "ada"}
MARK_ALL: dict[str, Any] = ADMIN | {"activities": "whole_course", "send_completion_email": True}
OTHER = {"school": "riverside", "learner": "u:2", "course": "biology"}
LATER = {"school": "riverside", "learner": "u-3", "course": "biology"}


def undo(about: str, code: str, says: str, **changes: Any) -> Case:
    """An undo of u-1's mark that differs in some fields; ``...`` takes one out."""
    fields = WHO | ADMIN | {"undoes": "mark-1"} | changes
    body = json.dumps({name: it for name, it in fields.items() if it is not ...}).encode()
    key = f"{fields['school']}/{fields['learner']}".encode()
    return Case(about, lambda id_: record(body, binary(id_, UNDO), key), code, says)


CASES = [
    undo("neither command nor operation", "invalid_command", "to name a command", undoes=...),
    undo("both", "invalid_command", "not both or neither", undoes_operation="op"),
    undo("an id with a space", "invalid_command", "undoes: has to be an id", undoes="a b"),
    undo("nobody", "invalid_command", "actor: is missing; send it.", actor=...),
    undo("an unknown command", "nothing_to_undo", "check the ids", undoes="c-unknown"),
    undo(
        "an unknown operation",
        "nothing_to_undo",
        "the operation nine left nothing",
        undoes=...,
        undoes_operation="nine",
    ),
    undo("an unknown learner", "unknown_learner", "has no user u-404", learner="u-404"),
    undo("an unknown course", "unknown_course", "has no course alchemy", course="alchemy"),
    undo("a learner's own", "not_undoable", "the learner's own activity", undoes="visit-1"),
    undo("an undo", "not_undoable", "quiet is an undo", **OTHER, undoes="quiet"),
    undo("what is undone", "already_undone", "is undone already for u:2", **OTHER, undoes="mark-2"),
    undo(
        "what stands in the way",
        "later_events",
        "1 later event stands on what mark-3 did; undo that first",
        **LATER,
        undoes="mark-3",
    ),
    undo("no administrator", "not_permitted", "u-1 is no administrator", actor="u-1"),
    undo("another school's administrator", "not_permitted", "bob is no", actor="bob"),
    undo(
        "another school's command",
        "nothing_to_undo",
        "mark-1 left nothing on the record of u-9 in biology; check the ids.",
        school="lakeside",
        learner="u-9",
        actor="bob",
    ),
]


@pytest_asyncio.fixture(scope="module")
async def became(spine: Standing) -> Mapping[str, Became]:
    await open_school(spine)
    lakeside = COURSE.model_copy(update={"school": "lakeside"})
    await spine.publish(lakeside, DIRECTORY[2].model_copy(update={"user": "u-3"}))
    signal = RecordActivity(**WHO, activity="quiz:1", signal=Submission(score=70))
    before = [
        message(signal, "visit-1"),
        message(MarkComplete(**WHO, **MARK_ALL), "mark-1"),
        message(EnrollLearner(**OTHER), "enrol-2"),
        message(MarkComplete(**OTHER, **MARK_ALL), "mark-2"),
        message(UndoCommand(**OTHER, **ADMIN, undoes="mark-2"), "quiet"),
        message(EnrollLearner(**LATER), "enrol-3"),
        message(MarkComplete(**LATER, **MARK_ALL), "mark-3"),
        message(ResetProgress(**LATER, **ADMIN, activities="whole_course"), "reset-3"),
    ]
    assert {it.code for it in await spine.settle(*before)} == {"accepted"}
    return await settle_all(spine, CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about)
async def test_b2_a3_an_undo_that_cannot_be_says_what_to_do(
    case: Case, became: Mapping[str, Became]
) -> None:
    assert_became(case, became[case.about])


async def test_a3_nothing_is_told_of_another_schools_command(
    became: Mapping[str, Became],
) -> None:
    """A command that exists elsewhere is answered as one that exists nowhere."""
    theirs = became["another school's command"].outcome.body
    assert "riverside" not in json.dumps(theirs)
    assert theirs["details"] == {}


async def test_b7_one_batch_marks_resets_and_takes_it_all_back(
    spine: Standing, became: Mapping[str, Became]
) -> None:
    """B1 too: the undo is sent twice under one id and answered the same; its event stands once."""
    assert became
    who = {"school": "riverside", "learner": f"u-{uuid4().hex[:6]}", "course": "biology"}
    await spine.publish(DIRECTORY[2].model_copy(update={"user": who["learner"]}))
    signal = RecordActivity(**who, activity="quiz:1", signal=Submission(score=70))
    await spine.settle(message(EnrollLearner(**who)), message(signal))
    before = await latest(spine, who, version=3)
    ids = {name: str(uuid4()) for name in ("mark", "reset", "back", "again")}
    back = message(UndoCommand(**who, **ADMIN, undoes=ids["reset"]), ids["back"])
    answers = await spine.settle(
        message(MarkComplete(**who, **MARK_ALL), ids["mark"]),
        message(ResetProgress(**who, **ADMIN, activities="whole_course"), ids["reset"]),
        back,
        message(UndoCommand(**who, **ADMIN, undoes=ids["mark"]), ids["again"]),
        back,
    )
    assert kinds(answers) == [
        ["activity_completed", "course_completed"],
        ["progress_reset"],
        ["reset_revoked"],
        ["completion_revoked"],
        ["reset_revoked"],
    ]
    assert answers[2].record.value == answers[4].record.value
    events = await spine.log("/".join(who.values()))
    assert len(events) == 8
    assert events[-1]["undoes"] == [ids["mark"]]
    assert await latest(spine, who, version=8) == before | {"version": 8}


@pytest.mark.usefixtures("became")
async def test_b7_what_was_sent_because_of_it_is_listed_by_command_and_by_operation(
    spine: Standing,
) -> None:
    """Ids of messages follow from those of events; another school is told nothing (A3)."""
    who = {"school": "riverside", "learner": f"u-{uuid4().hex[:6]}", "course": "biology"}
    await spine.publish(DIRECTORY[2].model_copy(update={"user": who["learner"]}))
    id_, operation = str(uuid4()), f"op-{uuid4()}"
    bulk = {name: who[name] for name in ("school", "course")} | MARK_ALL
    part = BulkMarkComplete(**bulk, operation=operation, learners=(who["learner"],))
    pool = await open_pool(spine.settings.database.get_secret_value())
    try:
        wanted = Wanted("https://hooks.invalid/completed", triggers=("course_completed",))
        await Endpoints(pool).create("riverside", wanted, now())
        await spine.settle(
            message(EnrollLearner(**who)),
            message(MarkComplete(**who, **MARK_ALL), id_),
            message(ResetProgress(**who, **ADMIN, activities="whole_course")),
        )
        await spine.settle(operation_message(part))
        by_command = await listed(pool, lambda: of_command(pool, "riverside", id_))
        by_operation = await listed(pool, lambda: of_operation(pool, "riverside", operation))
        assert by_command == by_operation == {"e-mail": 1, "webhook": 1}
        assert await of_command(pool, "lakeside", id_) == []
        assert await of_operation(pool, "lakeside", operation) == []
    finally:
        await pool.close()


def operation_message(part: BulkMarkComplete) -> Message:
    name, key = registry.name_of(part), topics.operation_key(part.school, part.operation)
    return record(part.to_json(), binary(str(uuid4()), name), key.encode())


async def listed(
    pool: asyncpg.Pool, ask: Callable[[], Awaitable[Sequence[Sent]]]
) -> dict[str, int]:
    """Numbers by way, once there are two ways."""
    found: dict[str, int] = {}

    async def there() -> bool:
        found.update({it.way: it.number for it in await ask()})
        return len(found) == 2

    assert await until(there, within=30), (found, await pool.fetch("select * from mails"))
    return found


def kinds(outcomes: Sequence[Outcome]) -> list[list[str]]:
    return [[it["type"].split(".")[2] for it in each.body["events"]] for each in outcomes]


async def latest(spine: Standing, who: Mapping[str, str], version: int) -> dict[str, Any]:
    """The latest progress on Kafka, once it has come to that version."""
    found: dict[str, Any] = {}

    async def there() -> bool:
        topic = f"{spine.settings.topic_prefix}{topics.PROGRESS}"
        for it in await whole(spine.settings.kafka, topic):
            if it.key == "/".join(who.values()).encode():
                found.update(json.loads(it.value or b"{}"))
        return bool(found.get("version") == version)

    assert await until(there, within=30), found
    return dict(found)
