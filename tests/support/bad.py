"""Bad commands between good ones: how each is made, and what has to become of it.

Everything is about riverside's learner u-1 in the course biology, unless a case says otherwise.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from contracts import registry, topics
from contracts.catalog import Activity, CompletionRules, CourseStructure, Section
from contracts.commands import EnrollLearner, MarkComplete, RecordActivity, TimeSpent
from contracts.directory import School, User
from contracts.envelope import legible
from services.runtime.bus.letters import MARK as LETTER
from services.runtime.bus.outbox import Message
from tests.support.stack import message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.support.standing import Outcome, Standing

WHO: dict[str, Any] = {"school": "riverside", "learner": "u-1", "course": "biology"}
KEY = b"riverside/u-1"
MARK = registry.name_of(MarkComplete)
RECORD = registry.name_of(RecordActivity)
COURSE = CourseStructure(
    school="riverside",
    course="biology",
    version=1,
    sections=(
        Section(
            section="s",
            activities=(
                Activity(activity="read", type="text", rules=CompletionRules(visited=True)),
                Activity(activity="quiz:1", type="form", rules=CompletionRules(submitted=True)),
            ),
        ),
    ),
)
DIRECTORY = (
    School(school="riverside", plan="starter"),
    User(school="riverside", user="ada", role_level="admin"),
    User(school="riverside", user="u-1"),
    User(school="riverside", user="u:2"),
    School(school="lakeside", plan="starter"),
    User(school="lakeside", user="bob", role_level="admin"),
    User(school="lakeside", user="u-9"),
)
MARKING: dict[str, Any] = WHO | {
    "actor": "ada",
    "activities": ["read"],
    "send_completion_email": False,
}
RECORDING: dict[str, Any] = WHO | {
    "activity": "quiz:1",
    "signal": {"kind": "submission", "score": 70},
}


class Case(NamedTuple):
    """A bad message, made for a command id; its code, and words of what its sender is told."""

    about: str
    make: Callable[[str], Message]
    code: str
    says: str
    dead: bool = False


class Became(NamedTuple):
    """A bad message, what became of it, and of the good ones before and behind it."""

    bad: Message
    outcome: Outcome
    before: Outcome
    behind: Outcome


async def open_school(spine: Standing) -> None:
    """Two schools, a course, and a learner who is enrolled in it."""
    await spine.publish(COURSE, *DIRECTORY)
    [enrolled] = await spine.settle(message(EnrollLearner(**WHO)))
    assert enrolled.code == "accepted"


async def settle_all(spine: Standing, cases: Sequence[Case]) -> dict[str, Became]:
    """What becomes of each case, sent as one batch with a good command around and between."""
    made = {case.about: case.make(str(uuid4())) for case in cases}
    good = [spend(str(uuid4())) for _ in range(len(cases) + 1)]
    batch = [good[0], *chain.from_iterable(zip(made.values(), good[1:], strict=True))]
    origins = await spine.send(batch)
    outcomes = await spine.come(len(batch))
    answers = {it.body["command_id"]: it for it in outcomes if it.body}
    letters = {it.origin: it for it in outcomes if it.marks}
    became = {}
    for nth, (about, bad) in enumerate(made.items()):
        place = origins[2 * nth + 1]
        found = letters.get(place) or answers[id_of(bad)]
        became[about] = Became(bad, found, answers[id_of(good[nth])], answers[id_of(good[nth + 1])])
    return became


def assert_became(case: Case, became: Became) -> None:
    """It is answered or buried as the case says, and its neighbours are carried out."""
    bad, outcome, *neighbours = became
    assert [it.code for it in neighbours] == ["accepted"] * 2
    assert [len(it.body["events"]) for it in neighbours] == [1] * 2
    assert outcome.code == case.code, outcome.says
    assert case.says in outcome.says, outcome.says
    assert bool(outcome.marks) is case.dead
    if case.dead:
        assert_buried(outcome, bad)
    else:
        assert outcome.record.key == (bad.key or KEY)


def assert_buried(outcome: Outcome, bad: Message) -> None:
    """A dead letter holds the very bytes."""
    letter = outcome.record
    assert (letter.key, letter.value) == (bad.key, bad.value)
    assert [h for h in letter.headers if not h[0].startswith(LETTER)] == list(bad.headers)


def id_of(message: Message) -> str:
    """The id that a command comes under, in either mode."""
    return legible(message.value, message.headers).id


def spend(id_: str, **changes: Any) -> Message:
    """A good command, one that is accepted however often it comes under new ids."""
    command = RecordActivity(**WHO | changes, activity="read", signal=TimeSpent(seconds=1))
    return message(command, id_)


def marking(**changes: Any) -> bytes:
    """The body of a command to mark; ``...`` takes a field out."""
    return _json(MARKING | changes)


def recording(**changes: Any) -> bytes:
    """The body of a command to record a submission; ``...`` takes a field out."""
    return _json(RECORDING | changes)


def binary(id_: str, name: str = MARK) -> dict[str, bytes | None]:
    """The headers of binary mode."""
    return {
        "ce_specversion": b"1.0",
        "ce_id": id_.encode(),
        "ce_type": name.encode(),
        "ce_source": b"/tests",
    }


def record(
    value: bytes | None,
    headers: dict[str, bytes | None] | Sequence[tuple[str, bytes | None]],
    key: bytes | None = KEY,
) -> Message:
    """Any record on the topic of commands."""
    listed = list(headers.items()) if isinstance(headers, dict) else list(headers)
    return Message(topics.COMMANDS, key, value, listed)


def _json(fields: dict[str, Any]) -> bytes:
    return json.dumps({k: v for k, v in fields.items() if v is not ...}).encode()
