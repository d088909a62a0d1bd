"""Promise: what a projector remembers is bounded, by size, and the latest is there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.projector.kept import Kept


def test_the_longest_unused_go_first_and_size_counts() -> None:
    kept = Kept[str, str](6, len)
    kept.keep({"a": "xx", "b": "xx"})
    kept.keep({"a": "xx"})
    kept.keep({"c": "xxx"})
    assert kept.known(["a", "b", "c"]) == {"a": "xx", "c": "xxx"}


def test_what_was_just_kept_stays_however_large() -> None:
    kept = Kept[str, str](3, len)
    kept.keep({"a": "x"})
    kept.keep({"b": "xxxx", "c": "xxxx"})
    assert kept.known(["a", "b", "c"]) == {"b": "xxxx", "c": "xxxx"}


def test_a_value_replaced_by_a_smaller_one_makes_room() -> None:
    kept = Kept[str, str](4, len)
    kept.keep({"a": "xxxx"})
    kept.keep({"a": "x"})
    kept.keep({"b": "xxx"})
    assert kept.known(["a", "b"]) == {"a": "x", "b": "xxx"}
    kept.forget()
    assert kept.known(["a", "b"]) == {}


@given(
    st.lists(st.dictionaries(st.sampled_from("abcdef"), st.text("x", max_size=5))),
    st.integers(0, 9),
)
def test_it_never_gives_anything_but_the_latest_and_keeps_to_its_bound(
    batches: list[dict[str, str]], limit: int
) -> None:
    kept, latest = Kept[str, str](limit, len), dict[str, str]()
    for batch in batches:
        kept.keep(batch)
        latest |= batch
        found = kept.known("abcdef")
        assert found.items() <= latest.items()
        assert batch.items() <= found.items()
        assert sum(map(len, found.values())) <= max(limit, sum(map(len, batch.values())))
