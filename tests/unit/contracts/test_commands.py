"""Commands are strict: what is not meant is refused, with a sentence that says what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from contracts import commands
from contracts.fields import MAX_ACTIVITIES

WHOSE = {"school": "riverside", "learner": "u-1204", "course": "biology-1"}
ADMINISTRATOR = WHOSE | {"actor": "u-7"}
MARK = ADMINISTRATOR | {"activities": ["quiz"], "send_completion_email": False}
IMPORT = ADMINISTRATOR | {"activity": "quiz", "send_completion_email": False}
RECORD = WHOSE | {"activity": "quiz", "signal": {"kind": "visit"}}


def refusal(model: type[commands.Command], body: dict[str, Any]) -> str:
    """Why the body is refused, in the words of the model."""
    with pytest.raises(ValidationError) as refused:
        model.model_validate_json(json.dumps(body))
    return str(refused.value)


def submission(score: object) -> dict[str, Any]:
    return RECORD | {"signal": {"kind": "submission", "score": score}}


@pytest.mark.parametrize("score", [-1, 101, -0.001, 100.001, "80", True, [80], float("nan"), 1e400])
def test_a_score_outside_0_to_100_or_of_another_type_is_refused(score: object) -> None:
    assert "signal.submission.score" in refusal(commands.RecordActivity, submission(score))


@pytest.mark.parametrize("score", [0, 100, 59.99, None])
def test_a_score_of_0_to_100_points_or_none_is_taken(score: object) -> None:
    body = json.dumps(submission(score))
    signal = commands.RecordActivity.model_validate_json(body).signal
    assert signal == commands.Submission(score=score)  # type: ignore[arg-type]  # a parameter


@pytest.mark.parametrize("seconds", [0, -5, 86_401, 1.5, "60", True, None])
def test_l4_time_spent_is_whole_seconds_of_at_most_a_day(seconds: object) -> None:
    body = RECORD | {"signal": {"kind": "time_spent", "seconds": seconds}}
    assert "signal.time_spent.seconds" in refusal(commands.RecordActivity, body)


@pytest.mark.parametrize("signal", [{}, {"kind": "finish"}, "visit", None])
def test_l1_a_signal_is_one_of_those_that_a_player_reports(signal: object) -> None:
    assert "signal" in refusal(commands.RecordActivity, RECORD | {"signal": signal})


@pytest.mark.parametrize("field", ["school", "learner", "course", "actor"])
@pytest.mark.parametrize("id_", ["", "a/b", "a b", "~a", "a\x00b", "x" * 1_000, 7, None])
def test_an_id_that_no_key_could_carry_is_refused(field: str, id_: object) -> None:
    assert field in refusal(commands.MarkComplete, MARK | {field: id_})


def test_a_lone_surrogate_is_refused_wherever_it_stands() -> None:
    for body in (MARK | {"note": "\ud800"}, MARK | {"learner": "\udc00"}):
        assert "Invalid JSON" in refusal(commands.MarkComplete, body)


def test_nul_is_refused_in_notes_and_ids() -> None:
    assert "note" in refusal(commands.MarkComplete, MARK | {"note": "a\x00"})
    assert "activities" in refusal(commands.MarkComplete, MARK | {"activities": ["a\x00"]})


@pytest.mark.parametrize("model", [commands.MarkComplete, commands.ResetProgress])
def test_an_activity_is_named_once(model: type[commands.Command]) -> None:
    said = refusal(model, MARK | {"activities": ["b", "a", "b", "c", "a"]})
    assert "names an activity twice: a, b; name each once" in said


def test_1_to_1000_activities_or_the_whole_course() -> None:
    for wanted in (["quiz"], [f"a{n}" for n in range(MAX_ACTIVITIES)], "whole_course"):
        commands.MarkComplete.model_validate_json(json.dumps(MARK | {"activities": wanted}))
    too_many = [f"a{n}" for n in range(MAX_ACTIVITIES + 1)]
    for unwanted in ([], too_many, "everything", "quiz", None):
        assert "activities" in refusal(commands.MarkComplete, MARK | {"activities": unwanted})


@pytest.mark.parametrize(
    ("model", "body"), [(commands.MarkComplete, MARK), (commands.ImportCompletion, IMPORT)]
)
def test_m5_there_is_no_default_for_the_completion_email(
    model: type[commands.Command], body: dict[str, Any]
) -> None:
    unsaid = {name: value for name, value in body.items() if name != "send_completion_email"}
    assert "send_completion_email\n  Field required" in refusal(model, unsaid)
    for value in (1, "true", None):
        assert "send_completion_email" in refusal(model, body | {"send_completion_email": value})


@pytest.mark.parametrize(
    "target",
    [{"activity": None}, {"whole_course": True}, {"activity": None, "whole_course": False}],
)
def test_an_import_names_either_an_activity_or_the_whole_course(target: dict[str, Any]) -> None:
    assert "not both or neither" in refusal(commands.ImportCompletion, IMPORT | target)


def test_b3_reasons_and_sources_are_a_closed_list() -> None:
    assert "reason" in refusal(commands.MarkComplete, MARK | {"reason": "because"})
    assert "source" in refusal(commands.MarkComplete, MARK | {"source": "email"})
    command = commands.ImportCompletion.model_validate_json(json.dumps(IMPORT))
    assert (command.reason, command.source) == ("migration", "kafka")


def test_a1_a_role_that_a_command_claims_for_its_actor_is_ignored() -> None:
    plain = commands.MarkComplete.model_validate_json(json.dumps(MARK))
    claimed = MARK | {"role": "admin", "role_level": "admin"}
    assert commands.MarkComplete.model_validate_json(json.dumps(claimed)) == plain


def test_a_command_cannot_be_changed() -> None:
    command = commands.MarkComplete.model_validate_json(json.dumps(MARK))
    with pytest.raises(ValidationError, match="frozen"):
        command.learner = "somebody-else"  # type: ignore[misc]  # that is what is tried


def test_fields_without_a_value_are_left_out_of_the_json() -> None:
    written = commands.MarkComplete.model_validate_json(json.dumps(MARK)).to_json()
    assert json.loads(written) == MARK | {"source": "kafka", "reason": "administrative"}
