"""Promise (B10): a view that is not what its events say is found out."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from contracts.topics import Stream
from services.projector import history
from services.projector.errors import ViewVersionError
from services.projector.runtime import Projector
from tests.support.appended import MINE, Appender
from tests.support.happened import course_reset, earned, enrolled, spent, visited
from tests.support.school import activity, course

if TYPE_CHECKING:
    from services.projector.check import Checked
    from services.store.log import EventLog

OTHER = Stream(MINE.school, "u-2", MINE.course)


@pytest.fixture
async def projector(log: EventLog, appender: Appender) -> Projector:
    await appender.published(course(activity("video"), activity("form", "form")))
    for stream in (MINE, OTHER):
        await appender.happened(enrolled(), spent("form", 3), earned("video"), to=stream)
        await appender.happened(course_reset(2), visited("video"), to=stream)
    projector = Projector(log)
    await projector.catch_up()
    return projector


def places(checked: Checked) -> list[tuple[Stream, str]]:
    return [(found.stream, found.table) for found in checked.differences]


async def test_sound_views_have_no_differences_and_all_of_them_is_looked_at(
    projector: Projector,
) -> None:
    progressed: list[int] = []
    checked = await projector.check("progress", progressed.append)
    assert (checked.streams, checked.events, checked.differing) == (2, 10, 0)
    assert progressed == [10]
    assert (await projector.check("events_log")).differing == 0


@pytest.mark.parametrize(
    ("view", "table", "change"),
    [
        ("progress", "courses", "update progress.courses set progress_rate = 51"),
        ("progress", "courses", "update progress.courses set structure_version = 7"),
        ("progress", "courses", "delete from progress.courses"),
        ("progress", "activities", "update progress.activities set time_spent_ever = 4"),
        ("progress", "activities", "delete from progress.activities"),
        ("progress", "attempts", "update progress.attempts set provenance = 'manual'"),
        ("progress", "attempt_activities", "delete from progress.attempt_activities"),
        ("events_log", "entries", "update events_log.entries set actor = 'u-8'"),
        ("events_log", "entries", "delete from events_log.entries"),
    ],
)
async def test_a_row_altered_by_hand_is_found_with_its_stream_and_table(
    projector: Projector, log: EventLog, view: str, table: str, change: str
) -> None:
    await log.pool.execute(f"{change} where learner = 'u-2'")
    checked = await projector.check(view)
    assert places(checked) == [(OTHER, table)]
    assert checked.differing == 1
    assert checked.differences[0].missing
    await projector.rebuild(view)
    assert (await projector.check(view)).differing == 0


async def test_both_sides_of_a_difference_are_told(projector: Projector, log: EventLog) -> None:
    await log.pool.execute("update progress.courses set enrolled = false where learner = 'u-2'")
    [found] = (await projector.check("progress")).differences
    assert (found.missing[0][5], found.unexpected[0][5]) == (True, False)


async def test_rows_of_a_stream_that_the_log_has_not_are_found(
    projector: Projector, log: EventLog
) -> None:
    await log.pool.execute(
        "insert into events_log.entries select 'riverside', 'nobody', course, version, "
        "transaction_id, notification_id, type, attempt, activities, score, seconds, provenance, "
        "recorded_at, effective_at, actor, reason, note, source, command_id, batch_id, "
        "correlation_id from events_log.entries where learner = 'u-2' and version = 1"
    )
    [found] = (await projector.check("events_log")).differences
    assert (found.stream.learner, found.table, found.missing) == ("nobody", "entries", ())


async def test_a_view_is_checked_as_far_as_it_has_followed(
    projector: Projector, appender: Appender
) -> None:
    await appender.happened(spent("video", 99))
    checked = await projector.check("progress")
    assert (checked.events, checked.differing) == (10, 0)


async def test_a_view_may_move_while_it_is_checked(
    projector: Projector, appender: Appender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cursor, events and rows of a page are of one moment; the next page is of another."""
    monkeypatch.setattr("services.projector.check.PAGE", 1)
    read, pages = history.page, count(2)

    async def page(*arguments: Any) -> history.Page:
        found = await read(*arguments)
        structure = course(activity("video"), version=next(pages))
        await appender.published(structure)
        await appender.happened(spent("form", 1))
        await projector.catch_up("progress")
        return found

    monkeypatch.setattr(history, "page", page)
    checked = await projector.check("progress")
    assert (checked.streams, checked.differing) == (2, 0)


async def test_a_view_that_was_never_built_cannot_be_checked(log: EventLog) -> None:
    with pytest.raises(ViewVersionError, match="was never built"):
        await Projector(log).check("progress")
