"""B13: what each type of event says in xAPI, with cmi5's verbs; ids and marks, and no names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from contracts import registry
from contracts.events import (
    ActivityCompleted,
    ActivityVisited,
    AssessmentSubmitted,
    CourseCompleted,
)
from services.export.xapi.statements import registration, statement_id, statements, voiding_id
from services.export.xapi.words import COURSE_TYPE, OURS, REASONS, WAIVED_BECAUSE
from services.store.mapper import decode
from tests.support.appended import MINE
from tests.support.event_examples import EXAMPLES_OF
from tests.support.happened import (
    activities_reset,
    course_completed,
    course_reset,
    earned,
    enrolled,
    imported,
    marked,
    reset_revoked,
    spent,
    submitted,
    unenrolled,
    visited,
)
from tests.support.spec import BEFORE
from tests.support.xapi import VALIDATOR

if TYPE_CHECKING:
    from contracts.events import Event
    from tests.support.happened import Draft

HOME = "https://lms.example"
ID = f"{MINE}@3"
COURSE = f"{HOME}/schools/riverside/courses/biology-1"
HUNDRED = {"scaled": 1.0, "raw": 100.0, "min": 0.0, "max": 100.0}


def said(happened: Draft, id_: str = ID, **common: Any) -> dict[str, Any] | None:
    fields = BEFORE | MINE._asdict() | {"attempt": 1, "note": "he was ill"} | common
    made = statements(happened.completed(fields), id_, HOME)
    for it in made:
        VALIDATOR.validate(it)
        assert "ill" not in json.dumps(it)  # a note is free text: names may stand in it
    return next(iter(made), None)


@pytest.mark.parametrize("draft", [earned("quiz", "exam", 80), imported("quiz", "exam", 80)])
def test_what_was_earned_or_imported_is_completed(draft: Draft) -> None:
    made = said(draft)
    assert made is not None
    assert made["id"] == statement_id(ID)
    assert made["actor"]["account"] == {"homePage": f"{HOME}/schools/riverside", "name": "u-1204"}
    assert made["verb"]["id"] == "http://adlnet.gov/expapi/verbs/completed"
    assert made["object"] == {"objectType": "Activity", "id": f"{COURSE}/activities/quiz"}
    score = {"scaled": 0.8, "raw": 80.0, "min": 0.0, "max": 100.0}
    assert made["result"] == {"completion": True, "score": score}
    assert made["timestamp"] == "2024-05-02T00:00:00Z"
    [parent] = made["context"]["contextActivities"]["parent"]
    assert parent == {"id": COURSE, "definition": {"type": COURSE_TYPE}}


@pytest.mark.parametrize("reason", [*REASONS, None])
def test_m6_an_administrator_s_mark_is_waived_with_its_reason(reason: str | None) -> None:
    """cmi5 9.5.5.2 has four reasons; our own stands beside it in its own words (B3)."""
    made = said(marked("quiz", "exam", 100), reason=reason, actor="u-7", batch_id="op-1")
    assert made is not None
    assert made["verb"]["id"] == "https://w3id.org/xapi/adl/verbs/waived"
    words = REASONS[reason or "administrative"]  # type: ignore[index]
    assert made["result"] == {
        "success": True,
        "completion": True,
        "score": HUNDRED,
        "extensions": {WAIVED_BECAUSE: words},
    }
    assert words in {"Tested Out", "Equivalent AU", "Equivalent Outside Activity", "Administrative"}
    extensions = made["context"]["extensions"]
    assert extensions.get(f"{OURS}reason") == reason
    assert extensions[f"{OURS}manually-completed"] is True
    assert extensions[f"{OURS}provenance"] == "manual"
    assert extensions[f"{OURS}command"] == "c-0"
    assert extensions[f"{OURS}batch"] == "op-1"
    assert extensions[f"{OURS}actor"] == "u-7"
    assert extensions[f"{OURS}event"] == ID


@pytest.mark.parametrize(("passed", "verb"), [(True, "passed"), (False, "failed")])
def test_a_submission_with_a_pass_mark_is_passed_or_failed(passed: bool, verb: str) -> None:
    made = said(submitted("quiz", 55.5, passed=passed))
    assert made is not None
    assert made["verb"]["id"] == f"http://adlnet.gov/expapi/verbs/{verb}"
    score = {"scaled": 0.555, "raw": 55.5, "min": 0.0, "max": 100.0}
    assert made["result"] == {"success": passed, "score": score}
    unscored = said(submitted("quiz", passed=passed))
    assert unscored is not None
    assert unscored["result"] == {"success": passed}


@pytest.mark.parametrize("provenance", ["earned", "manual", "imported", "waived"])
def test_m12_a_course_is_satisfied(provenance: Any) -> None:
    made = said(course_completed(provenance, average=100))
    assert made is not None
    assert made["verb"]["id"] == "https://w3id.org/xapi/adl/verbs/satisfied"
    assert made["object"]["id"] == COURSE
    assert made["object"]["definition"] == {"type": COURSE_TYPE}
    assert made["result"] == {"completion": True, "score": HUNDRED}
    assert made["context"]["extensions"][f"{OURS}provenance"] == provenance


@pytest.mark.parametrize(
    "draft",
    [
        *(enrolled(), unenrolled(), visited("a"), spent("a", 9), submitted("a", 50)),
        *(activities_reset("a"), course_reset(2, reopens=True)),
    ],
)
def test_what_has_no_verb_says_nothing(draft: Draft) -> None:
    """R4: a reset takes back nothing of an attempt; the next one is another registration."""
    assert said(draft) is None


def test_r4_each_attempt_is_a_registration_of_its_own() -> None:
    first, again, second = (
        said(earned("a"), f"{MINE}@{at}", attempt=attempt)
        for at, attempt in ((3, 1), (4, 1), (9, 2))
    )
    assert first is not None
    assert again is not None
    assert second is not None
    registrations = [it["context"]["registration"] for it in (first, again, second)]
    assert registrations[0] == registrations[1] != registrations[2]
    assert len({first["id"], again["id"], second["id"]}) == 3


def taken_back() -> list[Event]:
    """A reset, and what stood on it: a submission without a pass mark had no statement."""
    second: dict[str, Any] = {"attempt": 2, "activity": "quiz"}
    undo = reset_revoked(
        4,
        (5, ActivityVisited, second),
        (6, AssessmentSubmitted, second),
        (7, AssessmentSubmitted, second | {"passed": False}),
        (8, ActivityCompleted, second | {"provenance": "manual"}),
        (9, CourseCompleted, {"attempt": 2, "provenance": "manual"}),
        complete=True,
        completions=1,
    )
    fields = BEFORE | MINE._asdict() | {"attempt": 1, "actor": "u-7", "note": "he was ill"}
    return [undo.completed(fields)]


def test_b7_an_undo_voids_the_statements_of_what_it_undoes_and_nothing_else() -> None:
    [undo] = taken_back()
    made = statements(undo, f"{MINE}@10", HOME)
    assert [it["object"] for it in made] == [
        {"objectType": "StatementRef", "id": statement_id(f"{MINE}@{version}")}
        for version in (7, 8, 9)
    ]
    assert {it["verb"]["id"] for it in made} == {"http://adlnet.gov/expapi/verbs/voided"}
    assert {it["actor"]["account"]["name"] for it in made} == {"u-7"}
    second = said(earned("quiz"), attempt=2)
    assert second is not None
    assert {it["context"]["registration"] for it in made} == {second["context"]["registration"]}
    for it in made:
        VALIDATOR.validate(it)
        assert "ill" not in json.dumps(it)


def test_b7_of_some_types_of_events_only_their_statements_are_voided() -> None:
    [undo] = taken_back()
    types = {"coursemark.progress.course_completed.v1"}
    [made] = statements(undo, f"{MINE}@10", HOME, types)
    assert made["object"]["id"] == statement_id(f"{MINE}@9")


def test_b7_a_voiding_statement_is_the_same_for_ever_and_no_other_s() -> None:
    [undo] = taken_back()
    made = statements(undo, f"{MINE}@10", HOME)
    assert made == statements(undo, f"{MINE}@10", HOME)
    assert made[0]["id"] == voiding_id(f"{MINE}@10", 7)
    again = statements(undo, f"{MINE}@11", HOME)
    assert len({it["id"] for it in (*made, *again)}) == 6
    assert voiding_id("riverside/u-1204/biology-1@10", 7) == "f79fc6b8-6fa9-5fe2-9c3c-3748b43782ac"


def test_a_statement_is_the_same_for_ever() -> None:
    """A store knows by the id what it has: this one may never change."""
    assert statement_id("riverside/u-1204/biology-1@3") == "1233afae-2246-5ab7-9237-6c3619fe0634"
    event = earned("a").completed(BEFORE | MINE._asdict() | {"attempt": 1})
    assert registration(event) == "be66360b-a5c3-50fe-9ca7-9e3c46a8e7f6"


def test_ids_with_any_characters_make_names_that_are_iris() -> None:
    made = said(earned("ä?#%"), school="sch%ool", course="über&uns", learner="anaïs")
    assert made is not None
    assert made["object"]["id"] == (
        f"{HOME}/schools/sch%25ool/courses/%C3%BCber%26uns/activities/%C3%A4%3F%23%25"
    )
    assert made["actor"]["account"]["name"] == "anaïs"


@pytest.mark.parametrize("name", registry.EVENTS)
def test_every_type_of_event_is_known(name: str) -> None:
    """Its examples make valid statements, or none."""
    for data in EXAMPLES_OF[name]:
        for made in statements(decode(name, data), ID, HOME):
            VALIDATOR.validate(made)
