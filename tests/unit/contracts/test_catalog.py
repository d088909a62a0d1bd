"""A course structure is sound: ids of its own, no circles, something required (B9)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.catalog import CompletionRules, CourseStructure


def structure(*sections: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A structure of sections s0, s1, ... with the activities that are given."""
    return {
        "school": "riverside",
        "course": "biology-1",
        "version": 1,
        "sections": [
            {"section": f"s{place}", "activities": activities}
            for place, activities in enumerate(sections)
        ],
    } | more


def activity(id_: str, *prerequisites: str, **more: Any) -> dict[str, Any]:
    return {"activity": id_, "type": "video", "prerequisites": list(prerequisites)} | more


def refusal(body: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as refused:
        CourseStructure.model_validate_json(json.dumps(body))
    return str(refused.value)


def test_activities_come_in_the_order_of_the_course() -> None:
    body = structure([activity("b"), activity("a")], [], [activity("c", "a", "b")])
    found = CourseStructure.model_validate_json(json.dumps(body))
    assert [it.activity for it in found.activities()] == ["b", "a", "c"]
    assert found.access == "free"
    assert all(it.required and it.rules == CompletionRules() for it in found.activities())


def test_no_activity_twice_in_the_whole_course() -> None:
    said = refusal(structure([activity("a")], [activity("b"), activity("a")]))
    assert "has activity a twice; give each an id of its own" in said


def test_no_section_twice() -> None:
    body = structure([activity("a")], [activity("b")])
    body["sections"][1]["section"] = "s0"
    assert "has section s0 twice; give each an id of its own" in refusal(body)


@pytest.mark.parametrize(
    "sections", [[[]], [[activity("a", required=False)], [activity("b", required=False)]]]
)
def test_at_least_one_required_activity(sections: list[list[dict[str, Any]]]) -> None:
    assert "make at least one required" in refusal(structure(*sections))


def test_at_least_one_section_and_at_most_1000() -> None:
    assert "sections" in refusal(structure())
    assert "sections" in refusal(structure(*[[activity(f"a{n}")] for n in range(1_001)]))


def test_prerequisites_belong_to_the_course() -> None:
    said = refusal(structure([activity("a", "gone")]))
    assert "activity a has a prerequisite that the course does not have: gone" in said


@pytest.mark.parametrize(
    ("activities", "circle"),
    [
        ([activity("a", "a")], "a → a"),
        ([activity("a", "b"), activity("b", "a")], "a → b → a"),
        ([activity("a"), activity("b", "d"), activity("c", "b"), activity("d", "a", "c")], "b → c"),
    ],
)
def test_prerequisites_go_in_no_circle(activities: list[dict[str, Any]], circle: str) -> None:
    said = refusal(structure(activities))
    assert "prerequisites go in a circle" in said
    assert circle in said or " → ".join(reversed(circle.split(" → "))) in said
    assert "take one out" in said


@given(st.data())
def test_prerequisites_that_all_stand_before_are_always_sound(data: st.DataObject) -> None:
    ids = [f"a{n}" for n in range(data.draw(st.integers(1, 8)))]
    activities = [
        activity(
            id_,
            *data.draw(
                st.lists(st.sampled_from(ids[:place]), unique=True) if place else st.just([])
            ),
        )
        for place, id_ in enumerate(ids)
    ]
    CourseStructure.model_validate_json(
        json.dumps(structure(data.draw(st.permutations(activities))))
    )


@pytest.mark.parametrize(
    "more",
    [
        {"version": 0},
        {"version": 2**53 + 1},
        {"version": 1.5},
        {"access": "secret"},
        {"school": "a/b"},
        {"course": "~courses"},
        {"title": ""},
        {"title": "a\x00"},
    ],
)
def test_limits_of_a_course(more: dict[str, Any]) -> None:
    assert next(iter(more)) in refusal(structure([activity("a")], **more))


@pytest.mark.parametrize(
    "rules", [{"passed": 101}, {"passed": -1}, {"min_time": 0}, {"visited": "yes"}]
)
def test_limits_of_completion_rules(rules: dict[str, Any]) -> None:
    said = refusal(structure([activity("a", rules=rules)]))
    assert f"rules.{next(iter(rules))}" in said


@pytest.mark.parametrize("opening", [{"opens_after_days": -1}, {"opens_at": "2024-05-01T00:00:00"}])
def test_limits_of_drip_feed(opening: dict[str, Any]) -> None:
    body = structure([activity("a")])
    body["sections"][0] |= opening
    assert next(iter(opening)) in refusal(body)


def test_an_activity_has_any_type_that_a_school_uses() -> None:
    body = structure([activity("a", type="hologram, 3D")])
    [found] = CourseStructure.model_validate_json(json.dumps(body)).activities()
    assert found.type == "hologram, 3D"
