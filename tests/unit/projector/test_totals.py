"""Promise: what is added to totals is added once, whichever way it was put together."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.definition import Totals
from services.projector.totals import merged

TOTALS = Totals("days", ("school", "day"), ("number", "seconds"))
ROWS = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(1, 3), st.integers(-2, 2), st.integers(-9, 9))
)


def test_a_definition_names_its_columns_and_its_statement() -> None:
    assert TOTALS.columns == ("school", "day", "number", "seconds")
    assert TOTALS.add == "add_days"


@given(ROWS)
def test_a_key_has_one_row_and_none_where_nothing_changes(
    rows: list[tuple[str, int, int, int]],
) -> None:
    number, seconds = Counter[tuple[str, int]](), Counter[tuple[str, int]]()
    for school, day, one, other in rows:
        number[school, day] += one
        seconds[school, day] += other
    expected = {(*key, number[key], seconds[key]) for key in number}
    found = merged(TOTALS, rows)
    assert sorted(found) == sorted(row for row in expected if row[2] or row[3])


def test_a_row_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        merged(TOTALS, [("a", 1, 1)])
