"""What the events log said by a day, told from the log a page at a time (B10)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from contracts.events import LearnerEnrolled, ProgressReset
from contracts.registry import name_of
from contracts.topics import Stream
from services.store.mapper import encode
from services.store.records import FollowedEvent, Position
from services.views.cards.folding import TURN, Past
from services.views.cards.told import told
from services.views.events_log import ALL, END, Asked
from tests.support.happened import course_reset, enrolled, reset_revoked, visited
from tests.support.school import COURSE, LEARNER, SCHOOL, day
from tests.support.spec import BEFORE

if TYPE_CHECKING:
    from tests.support.happened import Draft

MINE = Stream(SCHOOL, LEARNER, COURSE)
OTHER = MINE._replace(course="zoo")
UNDO = reset_revoked(3, (4, LearnerEnrolled, {}), complete=False, completions=0)
STORY = (enrolled(), visited("read"), course_reset(2), enrolled(), UNDO, visited("quiz"))
"""One event a day, from day 1."""


def followed(of: Stream, *drafts: Draft, first: int = 1) -> list[FollowedEvent]:
    """Events of a stream, a day each; every other position is left to another stream."""
    found = []
    for version, each in enumerate(drafts, 1):
        at = {"recorded_at": day(version), "effective_at": day(version)}
        new = encode(str(of), version, each.completed(BEFORE | of._asdict() | {"attempt": 1} | at))
        found.append(FollowedEvent(Position(7, first + 2 * version), *new))
    return found


def unreadable(events: list[FollowedEvent]) -> list[FollowedEvent]:
    """Whoever reads one of them fails."""
    return [it._replace(state=b"?") for it in events]


STREAMS = {str(MINE): followed(MINE, *STORY), str(OTHER): followed(OTHER, *STORY[:2], first=2)}
BY_THEN = Past(day(40), "recorded")


async def test_b10_pages_have_each_entry_once_the_newest_first() -> None:
    whole = await told(STREAMS, ALL, BY_THEN, limit=50)
    assert [it.position for it in whole] == sorted((it.position for it in whole), reverse=True)
    assert len(whole) == len(STORY) + 2
    before, found = END, []
    while page := await told(STREAMS, ALL, BY_THEN, before=before, limit=3):
        found += page
        before = page[-1].position
    assert found == whole


@pytest.mark.parametrize(
    ("on", "by", "versions", "undone"),
    [
        (4, "recorded", [4, 3, 2, 1], []),
        (40, "recorded", [6, 5, 4, 3, 2, 1], [4, 3]),
        (4, "effective", [2, 1], []),
        (40, "effective", [6, 2, 1], []),
    ],
)
async def test_b7_what_was_undone_is_said_as_of_then(
    on: float, by: str, versions: list[int], undone: list[int]
) -> None:
    """By when it took effect, what an undo has taken back by today never was."""
    when = Past(day(on), "effective" if by == "effective" else "recorded")
    mine = {str(MINE): STREAMS[str(MINE)]}
    whole = await told(mine, ALL, when, limit=50)
    assert [it.version for it in whole] == versions
    assert [it.version for it in whole if it.undone] == undone
    before, found = END, []
    while page := await told(mine, ALL, when, before=before, limit=1):
        found += page
        before = page[-1].position
    assert found == whole


async def test_b10_a_page_reads_no_more_events_than_it_needs() -> None:
    """Neither those behind it nor those of other types; with a limit of 0 none at all."""
    old = followed(MINE, *[visited("read")] * 5)
    new = followed(MINE, enrolled(), *[visited("read")] * 2, first=20)
    streams = {str(MINE): [*unreadable(old), *new]}
    assert [it.version for it in await told(streams, ALL, BY_THEN, limit=3)] == [3, 2, 1]
    only = Asked(types=[name_of(LearnerEnrolled)])
    assert [it.version for it in await told(streams, only, BY_THEN, limit=9)] == [1]
    assert await told({str(MINE): unreadable(new)}, ALL, BY_THEN, limit=0) == []
    newer = {str(MINE): [*old, *unreadable(new)]}
    assert len(await told(newer, ALL, BY_THEN, before=new[0].position, limit=9)) == 5


async def test_b10_only_what_is_asked_for_is_told() -> None:
    for asked, versions in (
        (Asked(actor="nobody"), []),
        (Asked(course="zoo"), [2, 1]),
        (Asked(since=day(2), until=day(3) + timedelta(hours=1)), [3, 2, 2]),
        (Asked(types=[name_of(ProgressReset)]), [3]),
    ):
        assert [it.version for it in await told(STREAMS, asked, BY_THEN, limit=50)] == versions


async def test_others_get_their_turn_while_a_page_is_looked_for() -> None:
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    many = {str(MINE): followed(MINE, enrolled(), *[visited("read")] * (3 * TURN))}
    task = asyncio.create_task(other())
    await told(many, Asked(actor="nobody"), BY_THEN, limit=1)
    task.cancel()
    assert turns >= 3
