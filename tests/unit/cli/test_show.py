"""Days, durations and places as a person writes and reads them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.cli.dead.letters import Place, PlaceError, place
from services.cli.show.moment import moment
from services.cli.show.words import duration, named, points
from services.store.people import Person


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2024-05-01", datetime(2024, 5, 1, 23, 59, 59, 999_999, UTC)),
        ("2024-05-01T09:30:00Z", datetime(2024, 5, 1, 9, 30, tzinfo=UTC)),
        ("2024-05-01T09:30:00+02:00", datetime(2024, 5, 1, 7, 30, tzinfo=UTC)),
        ("2024-05-01 09:30", datetime(2024, 5, 1, 9, 30, tzinfo=UTC)),
    ],
)
def test_a_day_means_its_end_and_an_instant_itself_in_utc(text: str, at: datetime) -> None:
    assert moment(text) == at


def test_what_is_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="Invalid isoformat"):
        moment("yesterday")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, ""), (45, "45 s"), (200, "3 min 20 s"), (3_900, "1 h 05 min"), (4e6, "1,111 h 06 min")],
)
def test_durations(seconds: int, words: str) -> None:
    assert duration(int(seconds)) == words


def test_names_stand_beside_ids_where_the_directory_has_them() -> None:
    ada = Person("u-7", "admin", None, "Ada Byron", None, [])
    assert named("u-7", {"u-7": ada}) == "Ada Byron (u-7)"
    assert named("u-8", {"u-7": ada}) == "u-8"
    assert points(71.50) == "71.5"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("commands@12", Place("coursemark.commands.dead.v1", 0, 12)),
        ("coursemark.catalog.dead.v1@0", Place("coursemark.catalog.dead.v1", 0, 0)),
        ("directory/3@4", Place("coursemark.directory.dead.v1", 3, 4)),
    ],
)
def test_a_dead_letter_is_named_by_topic_and_offset(text: str, found: Place) -> None:
    assert place(text) == found
    assert place(str(found)) == found


@pytest.mark.parametrize("text", ["commands", "results@1", "commands@x", "@1", "commands@-1"])
def test_what_names_no_dead_letter_is_refused(text: str) -> None:
    with pytest.raises(PlaceError, match="is no dead letter"):
        place(text)
