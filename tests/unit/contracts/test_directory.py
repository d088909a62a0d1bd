"""A1: who has which role is the directory's to say; its records have limits too."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from contracts.directory import School, User

USER = {"school": "riverside", "user": "u-7"}


def test_a_user_without_a_role_level_is_no_administrator() -> None:
    assert User.model_validate_json(json.dumps(USER)).role_level == "user"


@pytest.mark.parametrize(
    "more",
    [
        {"role_level": "superuser"},
        {"role_level": "Admin"},
        {"email": "not an address"},
        {"email": "a@b\x00"},
        {"email": "x" * 320 + "@b"},
        {"name": ""},
        {"name": "a\x00"},
        {"tags": [""]},
        {"tags": "staff"},
        {"tags": ["t"] * 201},
        {"user": "a/b"},
    ],
)
def test_limits_of_a_user(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(more))):
        User.model_validate_json(json.dumps(USER | more))


@pytest.mark.parametrize("body", [{}, {"school": "a/b", "plan": "starter"}, {"school": "r"}])
def test_a_school_has_an_id_and_a_plan(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        School.model_validate_json(json.dumps(body))
