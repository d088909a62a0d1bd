"""A command whose fields are wrong is answered with the field and what to send (B2, A1, A3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from contracts import registry
from contracts.commands import EnrollLearner, ImportCompletion
from tests.support.bad import (
    MARK,
    RECORD,
    Became,
    Case,
    assert_became,
    binary,
    marking,
    open_school,
    record,
    recording,
    settle_all,
)

if TYPE_CHECKING:
    from tests.support.standing import Standing

ENROLL = registry.name_of(EnrollLearner)
IMPORT = registry.name_of(ImportCompletion)
AN_ID = "has to be an id: 1 to 128 characters; no '/', white space or control character;"
AN_INSTANT = "effective_at: has to be an instant such as 2024-05-01T09:30:00Z."
ADMINISTRATORS = "send the command as a user whose role has the level admin in the directory."


def mark(about: str, says: str, code: str = "invalid_command", **changes: Any) -> Case:
    """A command to mark that differs from a sound one in some fields; ``...`` takes one out."""
    return sent(about, marking(**changes), says, code)


def submit(about: str, says: str, **signal: Any) -> Case:
    """A submission or another signal with fields that are wrong."""
    return sent(about, recording(signal=signal), says, name=RECORD)


def sent(
    about: str,
    body: bytes,
    says: str,
    code: str = "invalid_command",
    *,
    name: str = MARK,
    key: bytes = b"riverside/u-1",
) -> Case:
    """Any body, of any type, under any key."""
    return Case(about, lambda id_: record(body, binary(id_, name), key), code, says)


IDS = [
    mark(f"learner {what}", f"learner: {AN_ID}", learner=id_)
    for what, id_ in {
        "with a slash": "u/1",
        "with a space": "u 1",
        "with a NUL": "u\0",
        "with a line break": "u\n1",
        "of 1,000 characters": "u" * 1_000,
        "without characters": "",
        "of our own": "~courses",
    }.items()
]
IDS += [
    mark("no learner", "learner: is missing; send it.", learner=...),
    mark("learner null", "learner: has to be a string.", learner=None),
    mark("learner a number", "learner: has to be a string.", learner=7),
    mark("learner an object", "learner: has to be a string.", learner={"id": "u-1"}),
    mark("a school with a slash", f"school: {AN_ID}", school="river/side"),
    mark("a course of 1,000 characters", f"course: {AN_ID}", course="c" * 1_000),
    mark("an actor with a space", f"actor: {AN_ID}", actor="ada lovelace"),
    mark("no actor", "actor: is missing; send it.", actor=...),
    mark("an activity with a slash", f"activities.1: {AN_ID}", activities=["read", "a/b"]),
    mark("a batch with a space", "batch_id: has to be an id: 1 to 128 printable", batch_id="a b"),
    mark("a correlation of 1,000 characters", "correlation_id: has to", correlation_id="x" * 1_000),
    sent(
        "a colon is no fault",
        recording(learner="u:2", activity=...),
        "",
        "accepted",
        name=ENROLL,
        key=b"riverside/u:2",
    ),
]
ACTIVITIES = [
    mark(
        "an activity twice",
        "activities: names an activity twice: quiz:1; name each once.",
        activities=["quiz:1", "read", "quiz:1"],
    ),
    mark(
        "1,001 activities",
        "activities: has too many entries; send at most 1,000.",
        activities=[f"a{n}" for n in range(1_001)],
    ),
    mark(
        "1,000 activities that are unknown",
        "biology has no activity a0, a1, a2, a3, a4; name activities of its latest structure.",
        "unknown_activity",
        activities=[f"a{n}" for n in range(1_000)],
    ),
    mark("no activities", "activities: is missing; send it.", activities=...),
    mark("none of the activities", "activities: has too few entries", activities=[]),
    mark("all of it", "activities: has to be a list or 'whole_course'.", activities="all"),
    mark("activities in lists", "activities.0: has to be a string.", activities=[["read"]]),
    sent(
        "an import of nothing",
        marking(activities=...),
        "body: has to name one activity or set whole_course to true, not both or neither.",
        name=IMPORT,
    ),
    sent(
        "an import of both",
        marking(activities=..., activity="read", whole_course=True),
        "body: has to name one activity or set whole_course to true, not both or neither.",
        name=IMPORT,
    ),
]
SCORES = [
    submit("a score of -1", "score: is too small; send 0 or more.", kind="submission", score=-1),
    submit(
        "a score of 101", "score: is too large; send 100 or less.", kind="submission", score=101
    ),
    submit("a score in text", "score: has to be a number.", kind="submission", score="80"),
    submit("a score of true", "score: has to be a number.", kind="submission", score=True),
    submit("a score of infinity", "score: has to be a finite", kind="submission", score=-1e999),
    submit("a score of 400 digits", "score: has to be a finite", kind="submission", score=10**400),
    submit("no time", "seconds: is too small; send 1 or more.", kind="time_spent", seconds=0),
    submit("two days", "seconds: is too large; send 86,400", kind="time_spent", seconds=172_800),
    submit("half a second", "seconds: has to be a whole number.", kind="time_spent", seconds=0.5),
    submit("an unknown signal", "signal: has an unknown 'kind'; send one of 'visit'", kind="wink"),
    submit("no signal", "signal: has no 'kind'; send one that is known."),
]
INSTANTS = [
    mark("1969", "in or after 1970; send the day it", effective_at="1969-12-31T23:59:59Z"),
    mark("no zone", "has no time zone; end it with Z", effective_at="2024-05-01T09:30:00"),
    mark("a day", "is written as 2024-05-01T09:30:00Z", effective_at="2024-05-01"),
    mark("Unix seconds", "is written as 2024-05-01T09:30:00Z", effective_at=1_714_555_800),
    mark("words for a day", AN_INSTANT, effective_at="noon: yesterday"),
    mark("the year 99999", AN_INSTANT, effective_at="99999-01-01T00:00:00Z"),
    mark(
        "tomorrow",
        "effective_at lies in the future; send when it happened, or leave it out for now.",
        effective_at=(datetime.now(UTC) + timedelta(days=1)).isoformat(),
    ),
]
OTHERS = [
    mark(
        "no choice of the e-mail (M5)",
        "send_completion_email: is missing",
        send_completion_email=...,
    ),
    mark("a number for yes", "has to be true or false.", send_completion_email=1),
    mark("a note with a NUL", "note: has a NUL character; take it out.", note="a\0b"),
    mark("a note of 2,001 characters", "note: is too long; send at most 2,000", note="x" * 2_001),
    mark("an unknown reason", "reason: has to be 'tested_out', 'equivalent_acti", reason="because"),
    mark("an unknown source", "source: has to be 'console', 'api', 'kafka'", source="fax"),
    mark(
        "everything wrong", " And 3 more.", school=1, learner=1, course=1, actor=1, note=1, reason=1
    ),
    sent("fields that nobody knows", recording(x=[1, {"y": None}]), "", "accepted", name=RECORD),
    sent(
        "a field twice, of which the last counts",
        b'{"learner": "u-9", ' + recording()[1:],
        "",
        "accepted",
        name=RECORD,
    ),
]
WHOSE = [
    mark(
        "a learner who asks (A1)",
        f"u-1 is no administrator of riverside; {ADMINISTRATORS}",
        "not_permitted",
        actor="u-1",
    ),
    mark(
        "a role that it claims (A1)",
        "u-1 is no administrator of riverside",
        "not_permitted",
        actor="u-1",
        role="admin",
        role_level="admin",
    ),
    sent(
        "another school's administrator (A3)",
        marking(school="lakeside", learner="u-9"),
        f"ada is no administrator of lakeside; {ADMINISTRATORS}",
        "not_permitted",
        key=b"lakeside/u-9",
    ),
    sent(
        "nobody's administrator (A3)",
        marking(school="lakeside", learner="u-9", actor="eve"),
        f"eve is no administrator of lakeside; {ADMINISTRATORS}",
        "not_permitted",
        key=b"lakeside/u-9",
    ),
    sent(
        "another school's learner (A3)",
        marking(learner="u-9"),
        "riverside has no user u-9; publish the user to the directory.",
        "unknown_learner",
        key=b"riverside/u-9",
    ),
    sent(
        "another school's course (A3)",
        marking(school="lakeside", learner="u-9", actor="bob"),
        "lakeside has no course biology; publish its structure first.",
        "unknown_course",
        key=b"lakeside/u-9",
    ),
    sent(
        "a school that nobody knows",
        marking(school="hillside"),
        "ada is no administrator of hillside",
        "not_permitted",
        key=b"hillside/u-1",
    ),
]
CASES = [*IDS, *ACTIVITIES, *SCORES, *INSTANTS, *OTHERS, *WHOSE]


@pytest_asyncio.fixture(scope="module")
async def became(spine: Standing) -> dict[str, Became]:
    await open_school(spine)
    return await settle_all(spine, CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about)
def test_b2_it_is_answered_with_what_to_send(became: dict[str, Became], case: Case) -> None:
    assert_became(case, became[case.about])


def test_a3_a_refusal_does_not_tell_who_exists_elsewhere(became: dict[str, Became]) -> None:
    """An administrator of another school and somebody who does not exist get the same answer."""
    theirs = dict(became["another school's administrator (A3)"].outcome.body)
    nobodys = dict(became["nobody's administrator (A3)"].outcome.body)
    for body in (theirs, nobodys):
        del body["command_id"], body["recorded_at"]
    assert str(theirs).replace("ada", "eve") == str(nobodys)


def test_b2_a_result_lists_the_problems_for_programs(became: dict[str, Became]) -> None:
    body = became["everything wrong"].outcome.body
    assert [it["field"] for it in body["details"]["problems"]] == [
        "school",
        "learner",
        "course",
        "actor",
        "reason",
        "note",
    ]
    assert (body["school"], "learner" in body) == ("riverside", False)
