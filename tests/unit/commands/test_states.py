"""Streams are folded once and remembered within a limit; what is forgotten is read anew."""

from __future__ import annotations

from contracts.topics import Stream
from services.commands.states import EMPTY, Folded, States
from services.domain.evolve import fold
from services.domain.state import NOTHING
from services.store.mapper import encode
from tests.support.appended import MINE
from tests.support.happened import Draft, enrolled, spent, visited
from tests.support.spec import BEFORE

YOURS = Stream("riverside", "u-2", "biology-1")


def events(*drafts: Draft, whose: Stream = MINE) -> list:
    fields = BEFORE | whose._asdict() | {"attempt": 1}
    return [draft.completed(fields) for draft in drafts]


def encoded(happened: list, *, after: int = 0) -> list:
    return [encode(str(MINE), after + place, event) for place, event in enumerate(happened, 1)]


def test_what_was_loaded_is_folded_onto_what_is_known() -> None:
    states, first, then = States(), events(enrolled()), events(visited("read"), spent("read", 9))
    name = str(MINE)
    assert states.wanted([name]) == {name: 0}
    loaded = states.after({name: encoded(first)})
    states.keep(loaded)
    assert states.wanted([name]) == {name: 1}
    assert states.after({name: encoded(then, after=1)}) == {
        name: Folded(3, fold(NOTHING, [*first, *then]))
    }


def test_nothing_is_remembered_until_it_is_kept() -> None:
    """The events of a batch that meets a conflict are no part of any state."""
    states, name = States(), str(MINE)
    states.after({name: encoded(events(enrolled()))})
    assert states.wanted([name]) == {name: 0}
    assert states.after({name: []}) == {name: EMPTY}


def test_what_is_forgotten_is_read_from_the_beginning() -> None:
    states, name = States(), str(MINE)
    states.keep({name: Folded(7, NOTHING)})
    states.forget([name, str(YOURS)])
    assert states.wanted([name]) == {name: 0}


def test_the_longest_unused_make_room_and_activities_count() -> None:
    """Memory is bounded by streams and activities, not by streams alone."""
    heavy = fold(NOTHING, events(enrolled(), *(visited(f"a{n}") for n in range(4))))
    states = States(limit=7)
    states.keep({"old": Folded(1, NOTHING), "used": Folded(1, NOTHING)})
    states.keep({"heavy": Folded(5, heavy)})
    states.keep({"used": Folded(2, NOTHING)})
    assert states.wanted(["old", "used", "heavy"]) == {"old": 1, "used": 2, "heavy": 5}
    states.keep({"new": Folded(1, NOTHING), "newer": Folded(1, NOTHING)})
    assert states.wanted(["old", "used", "heavy", "new", "newer"]) == {
        "old": 0,
        "used": 2,
        "heavy": 0,
        "new": 1,
        "newer": 1,
    }
    states.forget(["used", "new", "newer"])
    states.keep({"heavy": Folded(5, heavy)})
    assert states.wanted(["heavy"]) == {"heavy": 5}


def test_a_stream_heavier_than_the_limit_is_not_kept() -> None:
    heavy = fold(NOTHING, events(enrolled(), *(visited(f"a{n}") for n in range(9))))
    states = States(limit=5)
    states.keep({"heavy": Folded(10, heavy)})
    assert states.wanted(["heavy"]) == {"heavy": 0}
