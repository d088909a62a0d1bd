"""Promise: a cursor is read only by the search that gave it, and nothing else is taken for one."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.views.search import cursor
from services.views.search.criteria import Criteria
from services.views.search.cursor import Cursor
from services.views.search.errors import ForeignCursorError, InvalidCursorError
from tests.support.search_worlds import criteria

ASKED = Criteria(status="completed")
SOUND = {
    "format": 1,
    "search": cursor.digest("s", ASKED),
    "after": "u-1",
    "learners": 7,
    "exact": True,
}


def encoded(body: Any) -> str:
    return urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("=")


@given(asked=criteria(), after=st.sampled_from(["u-1", "é", "漢字", "a" * 128]))
def test_what_was_written_is_read_back(asked: Criteria, after: str) -> None:
    written = Cursor(search=cursor.digest("s", asked), after=after, learners=3, exact=False)
    text = cursor.write(written)
    assert cursor.read(text, "s", asked) == written
    assert text.replace("-", "").replace("_", "").isalnum()
    with pytest.raises(ForeignCursorError) as raised:
        cursor.read(text, "another", asked)
    assert raised.value.code == "cursor_of_another_search"


def test_a_sound_one_is_taken() -> None:
    """So that what is refused below is refused for what was changed."""
    assert cursor.read(encoded(SOUND), "s", ASKED).after == "u-1"


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "é", "=", "a" * 2_000, "\udcff"),
        *map(encoded, ([], "u-1", None, SOUND | {"format": 2}, SOUND | {"learners": -1})),
        *map(encoded, (SOUND | {"after": "a/b"}, SOUND | {"after": "\x00"}, SOUND | {"after": ""})),
        encoded({key: value for key, value in SOUND.items() if key != "exact"}),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursorError) as raised:
        cursor.read(text, "s", ASKED)
    assert raised.value.code == "invalid_cursor"
    assert "begin at the first page again" in str(raised.value)
