"""Old versions are read as the newest, one step at a time; a step always moves the version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from contracts import registry, upcasters
from contracts.upcasters import UpcastError, check, upcast

if TYPE_CHECKING:
    from contracts.upcasters import Steps


def with_marks(body: dict[str, Any]) -> dict[str, Any]:
    """v1 → v2: a grade in letters becomes points."""
    return {"learner": body["learner"], "points": {"A": 100, "B": 80}[body["grade"]]}


def with_scale(body: dict[str, Any]) -> dict[str, Any]:
    """v2 → v3: the scale is said."""
    return body | {"scale": 100}


STEPS: Steps = {
    "made.up.graded.v1": ("made.up.graded.v2", with_marks),
    "made.up.graded.v2": ("made.up.graded.v3", with_scale),
}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("made.up.graded.v1", {"learner": "u-1", "grade": "B"}),
        ("made.up.graded.v2", {"learner": "u-1", "points": 80}),
        ("made.up.graded.v3", {"learner": "u-1", "points": 80, "scale": 100}),
    ],
)
def test_every_version_is_read_as_the_newest(name: str, body: dict[str, Any]) -> None:
    check(STEPS)
    newest, data = upcast(name, json.dumps(body).encode(), STEPS)
    assert newest == "made.up.graded.v3"
    assert json.loads(data) == {"learner": "u-1", "points": 80, "scale": 100}


def test_a_type_without_steps_is_left_byte_for_byte() -> None:
    assert upcast("made.up.other.v1", b'{"a":  1.50}', STEPS) == (
        "made.up.other.v1",
        b'{"a":  1.50}',
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("made.up.graded.v1", "made.up.graded.v1"),
        ("made.up.graded.v2", "made.up.graded.v1"),
        ("made.up.graded.v1", "made.up.graded.v3"),
        ("made.up.graded.v1", "made.up.marked.v2"),
    ],
)
def test_a_step_that_does_not_lead_to_the_next_version_is_an_error(old: str, new: str) -> None:
    with pytest.raises(UpcastError, match=f"the step from {old} leads to {new}, not to "):
        check({old: (new, with_scale)})


@pytest.mark.parametrize("name", ["made.up.graded", "made.up.graded.v", "made.up.graded.vx", ".v1"])
def test_a_name_without_a_version_is_an_error(name: str) -> None:
    with pytest.raises(UpcastError, match=r"does not end in a version such as \.v1"):
        check({name: ("made.up.graded.v2", with_scale)})


def test_our_own_steps_are_sound_and_lead_to_registered_types() -> None:
    check(upcasters.STEPS)
    newest = {new for new, _ in upcasters.STEPS.values()} - upcasters.STEPS.keys()
    assert newest <= registry.ALL.keys()
