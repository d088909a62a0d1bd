"""Promise: what cannot be asked is said so, by field, with what to do; nothing is guessed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.views.search.criteria import criteria, page_request
from services.views.search.errors import InvalidCriteriaError
from tests.support.school import day


@pytest.mark.parametrize(
    ("fields", "field", "problem"),
    [
        ({"completed_from": day(2), "completed_to": day(1)}, "completed_to", "does not come after"),
        ({"enrolled_from": day(1), "enrolled_to": day(1)}, "enrolled_to", "does not come after"),
        ({"progress_from": 80.0, "progress_to": 20.0}, "progress_to", "does not come after"),
        ({"progress_from": -1.0}, "progress_from", "is too small"),
        ({"progress_to": float("nan")}, "progress_to", ""),
        ({"status": "done"}, "status", "'not_started', 'not_completed' or 'completed'"),
        ({"attempt": 0}, "attempt", "is too small; send 1 or more"),
        ({"attempt": 2**40}, "attempt", "is too large"),
        ({"attempt": True}, "attempt", "has to be a whole number"),
        ({"completed_from": date(2024, 5, 1)}, "completed_from", "an instant is written as"),
        ({"completed_from": day(1).replace(tzinfo=None)}, "completed_from", "has no time zone"),
        ({"inactive_since": "yesterday"}, "inactive_since", ""),
        ({"role_level": "boss"}, "role_level", "has to be"),
        ({"role": ""}, "role", "is too short"),
        ({"tags": ("",)}, "tags.0", "is too short"),
        ({"tags": tuple("abcdefghijklmnopqrstu")}, "tags", "has too many entries"),
        ({"course": "a/b"}, "course", "has to be an id"),
        ({"text": " "}, "text", "has to be 1 to 8 words"),
        ({"text": "a b c d e f g h i"}, "text", "has to be 1 to 8 words"),
        ({"text": "x" * 201}, "text", "is too long"),
        ({"text": "a\x00"}, "text", "NUL"),
        ({"completed_form": day(1)}, "completed_form", "is unknown"),
    ],
)
def test_what_cannot_be_asked(fields: dict[str, Any], field: str, problem: str) -> None:
    with pytest.raises(InvalidCriteriaError) as raised:
        criteria(fields)
    [detail] = raised.value.details
    assert isinstance(detail, dict)
    assert detail["field"] == field
    assert problem in str(detail["problem"])
    assert raised.value.code == "invalid_criteria"
    assert str(raised.value).endswith(".")


@pytest.mark.parametrize(("limit", "after"), [(0, None), (201, None), (50, "x" * 2_001)])
def test_what_is_no_page(limit: int, after: str | None) -> None:
    with pytest.raises(InvalidCriteriaError):
        page_request(limit, after)


def test_a_range_of_one_rate_is_a_range() -> None:
    assert criteria({"progress_from": 50.0, "progress_to": 50.0}).of_records


def test_what_is_given_decides_who_can_be_found() -> None:
    nothing, people, records = (
        criteria(it) for it in ({}, {"tags": ("vip",)}, {"manually_completed": False})
    )
    assert (nothing.of_records, nothing.of_people) == (False, False)
    assert (people.of_records, people.of_people) == (False, True)
    assert (records.of_records, records.of_people) == (True, False)
