"""B2: a refusal says in one sentence what to do, and repeats nothing that somebody sent."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts import catalog, commands, directory, registry
from contracts.fields import COMMAND_ID_RULE
from contracts.problems import details, sentence, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts.model import Contract

MARK = {
    "school": "riverside",
    "learner": "u-1204",
    "course": "biology-1",
    "actor": "u-7",
    "activities": ["quiz"],
    "send_completion_email": False,
}
RECORD = {"school": "riverside", "learner": "u-1204", "course": "biology-1", "activity": "quiz"}
ID = (
    "has to be an id: 1 to 128 characters; no '/', white space or control character; "
    "does not begin with '~' (those names are Coursemark's own)"
)
KINDS = "'visit', 'join', 'claim', 'submission', 'time_spent'"
EXAMPLES = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in (Path(__file__).parents[2] / "contracts" / "examples").iterdir()
}
PERSON = "grace hopper"
LONGEST = 3_000


def refused(model: type[Contract], body: object) -> ValidationError:
    text = body if isinstance(body, bytes) else json.dumps(body)
    with pytest.raises(ValidationError) as caught:
        model.model_validate_json(text)
    return caught.value


def structure(*activities: dict[str, Any]) -> dict[str, Any]:
    section = {"section": "s", "activities": [{"type": "video"} | it for it in activities]}
    return {"school": "riverside", "course": "biology-1", "version": 1, "sections": [section]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"school": "a/b"}, f"school: {ID}."),
        ({"learner": "a b"}, f"learner: {ID}."),
        ({"learner": "x" * 1_000}, f"learner: {ID}."),
        ({"course": ""}, f"course: {ID}."),
        ({"actor": "a\x00"}, f"actor: {ID}."),
        ({"actor": 7}, "actor: has to be a string."),
        ({"activities": ["quiz", "a/b"]}, f"activities.1: {ID}."),
        ({"activities": []}, "activities: has too few entries; it needs 1 or more."),
        (
            {"activities": [f"a{n}" for n in range(1_001)]},
            "activities: has too many entries; send at most 1,000.",
        ),
        (
            {"activities": ["b", "a", "a", "b"]},
            "activities: names an activity twice: a, b; name each once.",
        ),
        ({"activities": "everything"}, "activities: has to be a list or 'whole_course'."),
        ({"note": "a\x00"}, "note: has a NUL character; take it out."),
        ({"note": "x" * 2_001}, "note: is too long; send at most 2,000 characters."),
        (
            {"batch_id": "a b"},
            f"batch_id: has to be an id: {COMMAND_ID_RULE}.",
        ),
        (
            {"effective_at": "2024-05-01T09:30:00"},
            "effective_at: has no time zone; end it with Z or an offset such as +02:00.",
        ),
        (
            {"effective_at": "1969-12-31T23:59:59Z"},
            "effective_at: an instant lies in or after 1970; send the day it happened.",
        ),
        (
            {"effective_at": "tomorrow, 10:00"},
            "effective_at: has to be an instant such as 2024-05-01T09:30:00Z.",
        ),
        (
            {"source": "email"},
            "source: has to be 'console', 'api', 'kafka', 'import' or 'rule'.",
        ),
        ({"send_completion_email": 1}, "send_completion_email: has to be true or false."),
    ],
)
def test_what_is_wrong_with_a_command_is_said_with_what_to_send(
    change: dict[str, Any], said: str
) -> None:
    assert sentence(refused(commands.MarkComplete, MARK | change)) == said


@pytest.mark.parametrize(
    ("signal", "said"),
    [
        (
            {"kind": "finish"},
            f"signal: has an unknown 'kind'; send one of {KINDS}.",
        ),
        ({}, "signal: has no 'kind'; send one that is known."),
        ("visit", "signal: has to be a JSON object."),
        (
            {"kind": "submission", "score": float("nan")},
            "signal.submission.score: has to be a finite number.",
        ),
        (
            {"kind": "submission", "score": -1},
            "signal.submission.score: is too small; send 0 or more.",
        ),
        (
            {"kind": "submission", "score": 101},
            "signal.submission.score: is too large; send 100 or less.",
        ),
        ({"kind": "submission", "score": "80"}, "signal.submission.score: has to be a number."),
        (
            {"kind": "time_spent", "seconds": 86_401},
            "signal.time_spent.seconds: is too large; send 86,400 or less.",
        ),
        (
            {"kind": "time_spent", "seconds": 1.5},
            "signal.time_spent.seconds: has to be a whole number.",
        ),
    ],
)
def test_what_is_wrong_with_a_signal_is_said_with_what_to_send(signal: object, said: str) -> None:
    assert sentence(refused(commands.RecordActivity, RECORD | {"signal": signal})) == said


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"[]", "body: has to be a JSON object."),
        (b"{", "body: is not JSON: it ends too early at line 1 column 1; send one whole JSON"),
        (b'{"note": "\\ud800"}', "body: is not JSON: a lone surrogate at line 1 column 17; write"),
    ],
)
def test_a_body_that_is_no_object_is_said_to_be_none(body: bytes, said: str) -> None:
    assert sentence(refused(commands.MarkComplete, body)).startswith(said)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            structure({"activity": "a", "required": False}),
            "body: has no required activity; make at least one required.",
        ),
        (
            structure({"activity": "a"}, {"activity": "a"}),
            "body: has activity a twice; give each an id of its own.",
        ),
        (
            structure({"activity": "a", "prerequisites": ["a"]}),
            "body: prerequisites go in a circle: a → a; take one out.",
        ),
        (
            structure(*({"activity": f"a{n}"} for n in range(10_001))),
            "body: has 10,001 activities; split it into courses of at most 10,000.",
        ),
        (
            structure({"activity": "a", "rules": {"min_time": 0}}),
            "sections.0.activities.0.rules.min_time: is too small; send 1 or more.",
        ),
    ],
)
def test_what_is_wrong_with_a_course_is_said(body: dict[str, Any], said: str) -> None:
    assert sentence(refused(catalog.CourseStructure, body)) == said


def test_what_is_wrong_with_a_user_is_said_without_the_address() -> None:
    wrong = refused(directory.User, {"school": "r", "user": "u", "email": PERSON, "name": ""})
    assert sentence(wrong) == (
        "name: is too short; it needs 1 or more characters. "
        "email: has to be an e-mail address such as ada@example.org."
    )


def test_three_problems_are_said_and_the_others_counted_and_twenty_are_listed() -> None:
    wrong = refused(commands.MarkComplete, MARK | {"activities": ["a/b"] * 1_000})
    said = ". ".join(f"activities.{n}: {ID}" for n in range(3))
    assert sentence(wrong) == f"{said}. And 997 more."
    assert details(wrong) == [{"field": f"activities.{n}", "problem": ID} for n in range(20)]


def test_what_is_repeated_is_short_and_moves_no_cursor() -> None:
    assert shown("mark\x1b[2J\0\u202e it") == "mark[2J it"
    assert shown("x" * 10_000) == "x" * 80


def test_the_longest_sentences_still_say_what_to_do() -> None:
    long = [f"{n}".rjust(128, "x") for n in range(1_000)]
    twice = sentence(refused(commands.MarkComplete, MARK | {"activities": long[:500] * 2}))
    assert twice.endswith("; name each once.")
    after = [*long[1:], long[0]]
    circle = [{"activity": a, "prerequisites": [b]} for a, b in zip(long, after, strict=True)]
    round_and_round = sentence(refused(catalog.CourseStructure, structure(*circle)))
    assert round_and_round.endswith("; take one out.")
    assert max(len(twice), len(round_and_round)) < LONGEST


@given(st.data())
def test_no_message_makes_a_sentence_that_repeats_it_or_says_nothing(data: st.DataObject) -> None:
    """Any field of any type replaced by anything: the words are ours and are bounded."""
    name = data.draw(st.sampled_from(sorted(EXAMPLES)))
    body = copy.deepcopy(data.draw(st.sampled_from(EXAMPLES[name])))
    path = data.draw(st.sampled_from(list(paths(body))))
    junk = [PERSON, f"{PERSON}\x00", [PERSON], {PERSON: PERSON}, {"kind": PERSON}, [[], []], True]
    put(body, path, data.draw(st.sampled_from([*junk, None, -1, 1e9, 10**40, 0.5, "", "a:b", {}])))
    said = whatever_is_said(registry.ALL[name], body)
    assert PERSON not in said
    assert "is not valid" not in said
    assert len(said) < 2 * LONGEST


def whatever_is_said(model: type[Contract], body: object) -> str:
    """Of a body that may be sound after all."""
    try:
        model.model_validate_json(json.dumps(body))
    except ValidationError as error:
        return sentence(error) + json.dumps(details(error))
    return ""


def paths(part: Any) -> Iterator[tuple[str | int, ...]]:
    """The way to every value inside."""
    inner: Any = part.items() if isinstance(part, dict) else enumerate(part)
    for step, value in inner:
        yield (step,)
        if isinstance(value, (dict, list)):
            yield from ((step, *rest) for rest in paths(value))


def put(body: Any, path: tuple[str | int, ...], value: object) -> None:
    for step in path[:-1]:
        body = body[step]
    body[path[-1]] = value
