"""Undo in the plain model: commands are taken out of the list, and the rest is worked out again.

What each command did is a list of effects, by name and activity. Those of the command that is
undone go, and with them, if that is asked for, whatever stands on them: looked for pair by pair,
again and again, until nothing more is found. A command that is left without effects is taken out
of the list; one that is left with some stays, and must do just those in the shorter list.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from contracts.commands import EnrollLearner, ImportCompletion, MarkComplete, ResetProgress
from tests.support import plain_answers
from tests.support.plain_model import Entry, History

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contracts.results import Code

UNDOABLE = (MarkComplete, ImportCompletion, ResetProgress, EnrollLearner)


class Effect(NamedTuple):
    """What a command did: ``place`` is the command's in the list, ``nth`` the effect's in it."""

    place: int
    nth: int
    name: str
    activity: str | None
    reset: frozenset[str] | None = None
    """Of a reset: what it reset, none where it was the whole course."""
    reopened: bool = False
    required: frozenset[str] = frozenset()


class Without(NamedTuple):
    """The list after an undo; ``again``: what the rest does there otherwise, mostly more."""

    history: History
    gone: list[Effect]
    again: Counter[tuple[str, str | None]]


def refusal(history: History, id_: str, effects: Sequence[Effect], *, later: bool) -> Code | None:
    """Why a command that is in the list is not undone."""
    [place] = [nth for nth, entry in enumerate(history.entries) if entry.id == id_]
    own = [it for it in effects if it.place == place]
    if not own:
        return "nothing_to_undo"
    if not isinstance(history.entries[place].command, UNDOABLE):
        return "not_undoable"
    return "later_events" if not later and standing(effects, own) else None


def effects_of(history: History) -> list[Effect]:
    """All that the commands of the list did, in order."""
    return [
        effect
        for place, (before, after) in enumerate(_steps(history))
        for effect in _effects(place, before, after)
    ]


def standing(effects: Sequence[Effect], own: Sequence[Effect]) -> list[Effect]:
    """What stands on these, without them."""
    gone = list(own)
    while more := [
        it for it in effects if it not in gone and any(_stands_on(it, base) for base in gone)
    ]:
        gone += more
    return gone[len(own) :]


def without(
    history: History, id_: str, effects: Sequence[Effect], asked: frozenset[int]
) -> Without:
    """The list without the command and what stands on it; ``asked``: attempts with an e-mail."""
    own = [it for it in effects if history.entries[it.place].id == id_]
    gone = own + standing(effects, own)
    left = [it for it in effects if it not in gone]
    places = sorted({it.place for it in left})
    after = History(asked=asked)
    for place in places:
        after = after.then(history.entries[place])
    again = Counter((places[it.place], *it[2:5]) for it in effects_of(after))
    again.subtract((it.place, *it[2:5]) for it in left)
    counted: Counter[tuple[str, str | None]] = Counter()
    for (_, name, activity, _), number in again.items():
        counted[name, activity] += abs(number)
    return Without(after, sorted(gone, key=_place), +counted)


def _place(effect: Effect) -> tuple[int, int]:
    return effect.place, effect.nth


def _steps(history: History) -> Iterator[tuple[History, History]]:
    chain = [history]
    while chain[-1].before is not None:
        chain.append(chain[-1].before)
    chain.reverse()
    return pairwise(chain)


def _effects(place: int, before: History, after: History) -> Iterator[Effect]:
    entry = after.entries[-1]
    required = frozenset(entry.required)
    for nth, (name, activity) in enumerate(plain_answers.events(before, after)):
        effect = Effect(place, nth, name, activity, required=required)
        if name == "ProgressReset":
            reopened = before.course() is not None and after.course() is None
            effect = effect._replace(reset=_reset(before, entry), reopened=reopened)
        yield effect


def _reset(before: History, entry: Entry) -> frozenset[str] | None:
    if entry.resets_all:
        return None
    return frozenset(id_ for id_ in plain_answers.named(entry) or () if before.touched(id_))


def _stands_on(later: Effect, base: Effect) -> bool:
    if later[:2] <= base[:2]:
        return False
    match base.name:
        case "LearnerEnrolled" | "LearnerUnenrolled":
            return True
        case "ProgressReset" if base.reset is None:
            return later.name not in {"LearnerEnrolled", "LearnerUnenrolled"}
        case "ProgressReset":
            assert base.reset is not None
            return (
                later.activity in base.reset
                or _covers(later, base.reset)
                or (later.name == "CourseCompleted" and base.reopened)
                or (later.name == "CourseCompleted" and bool(base.reset & later.required))
                or (base.reopened and bool((later.reset or frozenset()) & later.required))
            )
        case "ActivityCompleted":
            return _covers(later, {base.activity}) or (
                later.name == "CourseCompleted" and base.activity in later.required
            )
        case "CourseCompleted":
            return later.name == "ProgressReset" and later.reopened
        case _:
            return False


def _covers(later: Effect, activities: frozenset[str] | set[str | None]) -> bool:
    if later.name != "ProgressReset":
        return False
    return later.reset is None or not later.reset.isdisjoint(activities)
