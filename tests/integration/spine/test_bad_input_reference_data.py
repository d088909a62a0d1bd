"""Bad structures, schools and users stand as dead letters; the good ones beside them count (B2)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from aiokafka.errors import KafkaError

from contracts import registry, topics
from contracts.catalog import CourseStructure, LearningProgram
from contracts.commands import EnrollLearner
from contracts.directory import User
from services.runtime.bus.outbox import Message
from tests.support.bad import COURSE, DIRECTORY, assert_buried, binary
from tests.support.stack import message, reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.standing import Outcome, Standing

STRUCTURE = registry.name_of(CourseStructure)
PROGRAM = registry.name_of(LearningProgram)
USER = registry.name_of(User)


def bad(topic: str, key: bytes | None, value: bytes | None, name: str = STRUCTURE) -> Message:
    return Message(topic, key, value, list(binary("m-1", name).items()))


def structure(*activities: dict[str, Any], **changes: Any) -> Message:
    """A structure whose activities are given in part."""
    section = {"section": "s", "activities": [{"type": "text"} | it for it in activities]}
    body = {"school": "riverside", "course": "physics", "version": 1, "sections": [section]}
    return bad(topics.CATALOG, b"riverside/physics", json.dumps(body | changes).encode())


def program(
    *courses: dict[str, Any], key: bytes = b"riverside/~programs/green", **changes: Any
) -> Message:
    body = {"school": "riverside", "program": "green", "version": 1, "courses": courses}
    return bad(topics.CATALOG, key, json.dumps(body | changes).encode(), PROGRAM)


def user(key: bytes | None = b"riverside/u-3", **changes: Any) -> Message:
    body = {"school": "riverside", "user": "u-3"} | changes
    return bad(topics.DIRECTORY, key, json.dumps(body).encode(), USER)


def after(activity: str, *others: str) -> dict[str, Any]:
    return {"activity": activity, "prerequisites": others}


LONG = [after(f"a{n}", f"a{(n + 1) % 9_000}") for n in range(9_000)]
COURSES = {
    "garbage": (
        bad(topics.CATALOG, b"riverside/physics", b"garbage"),
        "not_json",
        "The body is not JSON",
    ),
    "bytes and no headers": (
        Message(topics.CATALOG, b"\xff", bytes(range(256)), []),
        "not_utf8",
        "at byte 128; encode it",
    ),
    "a list": (bad(topics.CATALOG, b"riverside/physics", b"[]"), "wrong_shape", "send one object."),
    "a tombstone": (
        bad(topics.CATALOG, b"riverside/biology", None),
        "structure_kept",
        "publish a new version instead of a tombstone.",
    ),
    "a programme's tombstone": (
        bad(topics.CATALOG, b"riverside/~programs/green", None),
        "structure_kept",
        "or a learning programme stays in the log",
    ),
    "a programme with the key of a course": (
        program({"course": "biology"}, key=b"riverside/green"),
        "wrong_key",
        "The message has another key; send it with the key riverside/~programs/green.",
    ),
    "a programme without courses": (
        program(),
        "invalid_message",
        "courses: has too few entries",
    ),
    "a programme that requires nothing": (
        program({"course": "biology", "required": False}),
        "invalid_message",
        "has no required course; make at least one required.",
    ),
    "a programme with a course twice": (
        program({"course": "biology"}, {"course": "biology"}),
        "invalid_message",
        "has course biology twice; give each an id of its own.",
    ),
    "an unknown version": (
        bad(topics.CATALOG, b"riverside/physics", b"{}", f"{STRUCTURE[:-1]}2"),
        "unknown_type",
        f"does not belong on this topic; send one of {STRUCTURE}, {PROGRAM}.",
    ),
    "a user": (
        reference(User(school="r", user="u"))._replace(topic=topics.CATALOG),
        "unknown_type",
        "does not belong on this topic",
    ),
    "no sections": (structure(sections=[]), "invalid_message", "sections: has too few entries"),
    "no activities": (structure(), "invalid_message", "has no required activity; make at least"),
    "nothing required": (
        structure({"activity": "a", "required": False}),
        "invalid_message",
        "has no required activity; make at least one required.",
    ),
    "an activity twice": (
        structure({"activity": "a"}, {"activity": "a"}),
        "invalid_message",
        "has activity a twice; give each an id of its own.",
    ),
    "a section twice": (
        structure(
            sections=[{"section": "s", "activities": [{"activity": "a", "type": "text"}]}] * 2
        ),
        "invalid_message",
        "has section s twice; give each an id of its own.",
    ),
    "an activity after itself": (
        structure(after("a", "a")),
        "invalid_message",
        "prerequisites go in a circle: a → a; take one out.",
    ),
    "a circle": (
        structure(after("a", "b"), after("b", "c"), after("c", "a")),
        "invalid_message",
        "; take one out.",
    ),
    "a circle of 9,000": (structure(*LONG), "invalid_message", " → …"),
    "an unknown prerequisite": (
        structure(after("a", "z")),
        "invalid_message",
        "activity a has a prerequisite that the course does not have: z; add it or take it out.",
    ),
    "version 0": (
        structure({"activity": "a"}, version=0),
        "invalid_message",
        "version: is too small",
    ),
    "a version of 400 digits": (
        structure({"activity": "a"}, version=10**400),
        "invalid_message",
        "version: is too large",
    ),
    "a slash in the course": (
        structure({"activity": "a"}, course="a/b"),
        "invalid_message",
        "course: has to be an id",
    ),
    "another course's key": (
        structure({"activity": "a"}, course="maths"),
        "wrong_key",
        "The message has another key; send it with the key riverside/maths.",
    ),
}
USERS = {
    "words": (
        bad(topics.DIRECTORY, b"riverside/u-3", b"garbage", USER),
        "not_json",
        "send one JSON",
    ),
    "another school's key (A3)": (user(b"lakeside/u-3"), "wrong_key", "key riverside/u-3."),
    "an unknown level": (
        user(role_level="owner"),
        "invalid_message",
        "role_level: has to be 'admin'",
    ),
    "a NUL in the name": (
        user(name="a\0"),
        "invalid_message",
        "name: has a NUL character; take it out.",
    ),
    "no address": (
        user(email="ada"),
        "invalid_message",
        "an e-mail address such as ada@example.org.",
    ),
    "201 tags": (
        user(tags=["t"] * 201),
        "invalid_message",
        "tags: has too many entries; send at most",
    ),
    "an id of 1,000 characters": (
        user(user="u" * 1_000),
        "invalid_message",
        "user: has to be an id",
    ),
    "a header that is not UTF-8": (
        user()._replace(headers=[*binary("m-1", USER).items(), ("ce_subject", b"\xff")]),
        "not_utf8",
        "The header ce_subject is not UTF-8; encode it in UTF-8.",
    ),
    "a structure": (
        reference(COURSE)._replace(topic=topics.DIRECTORY),
        "unknown_type",
        "not belong on this",
    ),
    "a tombstone of a stream": (
        bad(topics.DIRECTORY, b"a/b/c", None),
        "wrong_key",
        "erases nobody",
    ),
    "a tombstone with a NUL": (bad(topics.DIRECTORY, b"a/\0", None), "wrong_key", "erases nobody"),
    "a tombstone in Latin-1": (
        bad(topics.DIRECTORY, b"a/\xe9", None),
        "wrong_key",
        "erases nobody",
    ),
}
KEYLESS = {
    "garbage": (bad(topics.CATALOG, None, b"garbage"), "not_json", "send one JSON object."),
    "a structure": (
        reference(COURSE)._replace(key=None),
        "wrong_key",
        "The message has no key; send it with the key riverside/biology.",
    ),
    "a user": (user(None), "wrong_key", "send it with the key riverside/u-3."),
    "a tombstone": (
        bad(topics.DIRECTORY, None, None),
        "wrong_key",
        "This tombstone erases nobody; send it with the key school, or school/user.",
    ),
}
Cases = dict[str, tuple[Message, str, str]]
"""What stands between two good records → its code and words of its sentence."""


@pytest_asyncio.fixture(scope="module")
async def buried(spine: Standing) -> dict[str, Outcome]:
    """The dead letter of each; a good record stood before and behind it in the same batch."""
    await spine.publish(*DIRECTORY)
    versions = (COURSE.model_copy(update={"version": n}) for n in range(1, 100))
    letters = await _between(spine, COURSES, [reference(next(versions)) for _ in [*COURSES, None]])
    people = [reference(User(school="riverside", user=f"good-{n}")) for n in range(len(USERS) + 1)]
    return letters | await _between(spine, USERS, people)


async def _between(spine: Standing, cases: Cases, good: Sequence[Message]) -> dict[str, Outcome]:
    batch = [good[0]]
    for (message_, *_), neighbour in zip(cases.values(), good[1:], strict=True):
        batch += [message_, neighbour]
    origins = await spine.send(batch)
    spine.sent -= len(good)  # nothing comes of them that is sent out
    letters = {it.origin: it for it in await spine.come(len(cases))}
    return {about: letters[origins[2 * nth + 1]] for nth, about in enumerate(cases)}


@pytest.mark.parametrize("about", [*COURSES, *USERS])
def test_b2_it_is_buried_with_what_to_send(buried: dict[str, Outcome], about: str) -> None:
    _assert_buried(buried[about], *(COURSES | USERS)[about])


def _assert_buried(letter: Outcome, sent: Message, code: str, says: str) -> None:
    assert (letter.code, says in letter.says) == (code, True), letter.says
    assert letter.record.topic.endswith(topics.dead(sent.topic))
    assert_buried(letter, sent)


@pytest.mark.parametrize("about", KEYLESS)
async def test_b2_without_a_key_it_is_buried_or_refused_to_its_producer(
    spine: Standing, about: str
) -> None:
    """Apache Kafka takes no record without a key on a compacted topic."""
    case = KEYLESS[about]
    try:
        [letter] = await spine.settle(case[0])
    except KafkaError:
        await spine.publish(User(school="riverside", user="afterwards"))
    else:
        _assert_buried(letter, *case)


@pytest.mark.usefixtures("buried")
async def test_b2_the_good_ones_between_them_count(spine: Standing) -> None:
    """Every user is known, and every version of the structure stands in the log, in order."""
    enrolments = [
        message(EnrollLearner(school="riverside", learner=f"good-{n}", course="biology"))
        for n in range(len(USERS) + 1)
    ]
    assert {it.code for it in await spine.settle(*enrolments)} == {"accepted"}
    published = await spine.log("riverside/~courses/biology")
    assert [it["structure_version"] for it in published] == [*range(1, len(COURSES) + 2)]
    assert await spine.log("riverside/~courses/physics") == []
    assert await spine.log("riverside/~programs/green") == []
