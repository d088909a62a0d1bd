"""Promise: a query is made of our own files; whatever was typed goes in as a parameter."""

from __future__ import annotations

import re

from hypothesis import given

from services.views.search import composing
from services.views.search.criteria import Criteria
from tests.support.search_worlds import criteria

HOSTILE = "'); drop table users; --"


@given(asked=criteria())
def test_parameters_are_numbered_from_one_and_each_has_its_value(asked: Criteria) -> None:
    for sql, values in (
        composing.page("s", asked, "", 11, 3),
        composing.records("s", asked, ["u-1"]),
    ):
        numbers = {int(it) for it in re.findall(r"\$(\d+)", sql)}
        assert numbers == set(range(1, len(values) + 1))
        assert not re.search(r"(?<!:):[a-z]", sql), "a name was left without its number"
        assert "{" not in sql


def test_what_was_typed_is_nowhere_in_the_text() -> None:
    asked = Criteria(text="drop table", role=HOSTILE, tags=(HOSTILE,), course="drop")
    sql, values = composing.page(HOSTILE, asked, HOSTILE, 11, 3)
    assert "drop" not in sql
    assert {HOSTILE, "drop", "table"} <= {it for it in values if isinstance(it, str)}


def test_a_criterion_that_is_not_given_leaves_no_trace() -> None:
    sql, _ = composing.page("s", Criteria(status="completed"), "", 11, 3)
    assert "r.status" in sql
    assert "completed_at" not in sql
    assert "users" not in sql
