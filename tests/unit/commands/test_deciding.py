"""A batch is decided in order, each command in the state that the last one left (B1, A1, A3)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from contracts import registry
from contracts.commands import EnrollLearner, UnenrollLearner
from contracts.events import CourseStructurePublished
from contracts.topics import course_stream
from services.commands.deciding import Deciding, Loaded, Past, actor_of, key_of, stream_of
from services.commands.handler import EXHAUSTED
from services.commands.incoming import Incoming, fingerprint
from services.store.courses import CourseCache
from services.store.directory import Facts
from services.store.log import EventLog
from services.store.mapper import encode
from services.store.records import StoredReceipt
from tests.support.school import (
    ADMINISTRATOR,
    COURSE,
    LEARNER,
    SCHOOL,
    activity,
    course,
    day,
    enroll,
    mark,
    spend,
    unenroll,
)

if TYPE_CHECKING:
    from contracts.commands import Command
    from services.commands.answers import Answer
    from services.store.records import Receipt

NAME = f"{SCHOOL}/{LEARNER}/{COURSE}"
NOW, ARRIVED = day(30), day(29)
LEVELS: dict[Any, Any] = {(SCHOOL, LEARNER): "user", (SCHOOL, ADMINISTRATOR): "admin"}


def deciding(*receipts: Receipt) -> Deciding:
    structure = course(activity("a"), activity("b")).structure
    published = CourseStructurePublished(
        school=SCHOOL, course=COURSE, structure_version=1, structure=structure, recorded_at=day(0)
    )
    name = course_stream(SCHOOL, COURSE)
    courses = CourseCache(EventLog(None))  # asks no database: what it knows is absorbed here
    courses.absorb({name: [encode(name, 1, published)]})
    given = {(r.school, r.command_id): StoredReceipt(r.fingerprint, r.result) for r in receipts}
    return Deciding(
        Loaded(NOW, courses, Facts({SCHOOL: "starter"}, LEVELS), {}, given, Past({}, {}))
    )


def incoming(command: Command, id_: str) -> Incoming:
    name = registry.name_of(command)
    return Incoming(b"k", id_, name, command, fingerprint(name, command), ARRIVED)


def body(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.body)
    return found


def test_each_command_is_decided_in_the_state_that_the_last_one_left() -> None:
    it = deciding()
    batch = [spend("a", 5), enroll(), spend("a", 5), enroll(), unenroll(), spend("a", 5)]
    answers = [body(it.answer(incoming(one, f"c-{n}"))) for n, one in enumerate(batch)]
    assert [a.get("code", "accepted") for a in answers] == [
        "not_enrolled",
        "accepted",
        "accepted",
        "already_enrolled",
        "accepted",
        "not_enrolled",
    ]
    events, receipts = it.take()
    assert [(e.originator_id, e.originator_version) for e in events] == [
        (NAME, 1),
        (NAME, 2),
        (NAME, 3),
    ]
    assert [r.command_id for r in receipts] == [f"c-{n}" for n in range(6)]
    assert it.streams[NAME].version == 3
    assert it.take() == ([], [])


def test_b1_a_command_twice_in_one_batch_is_carried_out_once() -> None:
    it = deciding()
    first, again = (it.answer(incoming(enroll(), "c-1")) for _ in range(2))
    events, receipts = it.take()
    assert (first, len(events), len(receipts)) == (again, 1, 1)


def test_b1_an_answer_that_was_given_before_is_given_again_byte_for_byte() -> None:
    before = deciding()
    before.answer(incoming(enroll(), "c-1"))
    [receipt] = before.take()[1]
    it = deciding(receipt)
    assert it.answer(incoming(enroll(), "c-1")).body == receipt.result
    assert it.refuse(incoming(enroll(), "c-1"), EXHAUSTED).body == receipt.result
    assert it.take() == ([], [])


def test_b1_an_id_that_comes_with_another_command_is_refused_and_keeps_its_answer() -> None:
    """Its time is the record's: the refusal has no receipt, and is the same each time."""
    before = deciding()
    before.answer(incoming(enroll(), "c-1"))
    [receipt] = before.take()[1]
    it = deciding(receipt)
    for refused in (
        it.answer(incoming(unenroll(), "c-1")),
        it.refuse(incoming(unenroll(), "c-1"), EXHAUSTED),
    ):
        assert body(refused)["code"] == "command_id_reused"
        assert body(refused)["message"] == (
            "c-1 was the id of another command of riverside; "
            "send each command under an id of its own."
        )
        assert refused.time == "2024-05-30T00:00:00Z"
    assert it.answer(incoming(enroll(), "c-1")).body == receipt.result
    assert it.take() == ([], [])


def test_b1_an_id_belongs_to_its_school_alone() -> None:
    it = deciding()
    it.answer(incoming(enroll(), "c-1"))
    theirs = body(it.answer(incoming(enroll(school="lakeside"), "c-1")))
    assert theirs["code"] == "unknown_course"
    assert len(it.take()[1]) == 2


def test_a1_the_role_is_that_of_the_actor_in_the_command_s_own_school() -> None:
    it = deciding()
    it.answer(incoming(enroll(), "c-0"))
    actors = [ADMINISTRATOR, LEARNER, "nobody"]
    codes = [
        body(it.answer(incoming(mark("a", actor=actor), actor))).get("code") for actor in actors
    ]
    assert codes == [None, "not_permitted", "not_permitted"]


def test_a_refusal_for_conflicts_is_kept_like_any_answer() -> None:
    it = deciding()
    refused = it.refuse(incoming(enroll(), "c-1"), EXHAUSTED)
    assert body(refused)["code"] == "conflict_retry_exhausted"
    events, [receipt] = it.take()
    assert (events, receipt.result) == ([], refused.body)
    assert it.answer(incoming(enroll(), "c-1")) == refused


def test_what_a_command_is_about() -> None:
    it = incoming(mark("a"), "c-1")
    assert (key_of(it), stream_of(it), actor_of(it)) == ((SCHOOL, "c-1"), NAME, ADMINISTRATOR)
    assert actor_of(incoming(EnrollLearner(**_who()), "c-2")) is None
    assert actor_of(incoming(UnenrollLearner(**_who(), actor="u-7"), "c-3")) == "u-7"
    assert actor_of(incoming(spend("a", 1), "c-4")) is None


def _who() -> dict[str, Any]:
    return {"school": SCHOOL, "learner": LEARNER, "course": COURSE}


def test_the_time_that_events_are_recorded_at_is_the_batch_s() -> None:
    it = deciding()
    answer = it.answer(incoming(enroll(effective_at=NOW - timedelta(days=9)), "c-1"))
    [event], _ = it.take()
    recorded = json.loads(event.state)
    assert (recorded["recorded_at"], recorded["effective_at"], answer.time) == (
        "2024-05-31T00:00:00Z",
        "2024-05-22T00:00:00Z",
        "2024-05-31T00:00:00Z",
    )
