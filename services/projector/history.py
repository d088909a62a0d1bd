"""The log read stream by stream, as of a position: what rebuilding and checking begin from.

A whole stream is folded in one go, so no state has to be kept or loaded, and memory stays flat.
"""

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import asyncpg

from contracts import upcasters
from contracts.registry import EVENTS
from contracts.topics import Stream
from projections.definition import Projection, Recorded
from services.projector.batches import is_passed_over
from services.projector.errors import PoisonEventError
from services.projector.sql import query
from services.store.mapper import decode
from services.store.records import Position
from services.store.skips import Skips

_NAME = itemgetter(0)


class Page(NamedTuple):
    """Whole streams, in the order of their names; none where the log has no more.

    Of each stream only what the projection handles, and what nobody knows. ``last`` is the name
    to go on after; ``events`` how many were read.
    """

    streams: list[tuple[str, list[asyncpg.Record]]]
    last: str
    events: int


async def page(
    connection: asyncpg.Connection,
    projection: Projection[Any],
    after: str,
    until: Position,
    limit: int,
) -> Page:
    """The next streams after one name, of about ``limit`` events."""
    others = _passed_over(projection.handles)
    rows = await _rows(connection, others, (after, 2**62), until, limit)
    complete = len(rows) < limit
    while not complete and rows[0][0] == rows[-1][0]:
        more = await _rows(connection, others, rows[-1][:2], until, limit)
        rows += more
        complete = len(more) < limit
    streams = [(name, list(group)) for name, group in groupby(rows, _NAME)]
    if not complete:
        streams.pop()
    return Page(streams, streams[-1][0] if streams else after, sum(len(it) for _, it in streams))


@cache
def _passed_over(handles: frozenset[str]) -> list[str]:
    """The known types that are not handled, in every version: course structures are large."""
    return [it for it in (*upcasters.STEPS, *EVENTS) if is_passed_over(it, handles)]


async def _rows(
    connection: asyncpg.Connection,
    others: list[str],
    after: Sequence[Any],
    until: Position,
    limit: int,
) -> list[asyncpg.Record]:
    position = (str(until.transaction_id), until.notification_id)
    rows: list[asyncpg.Record] = await connection.fetch(
        query("history"), *after, *position, others, limit
    )
    return rows


def named(
    page: Page, projection: Projection[Any], skips: Skips
) -> list[tuple[Stream, list[asyncpg.Record]]]:
    """The page's streams, each without the events that are skipped.

    Raises:
        PoisonEventError: a stream's name is none of ours.
    """
    found = []
    for name, rows in page.streams:
        left = [row for row in rows if (row[0], row[1]) not in skips] if skips else rows
        try:
            found.append((Stream.parse(name), left))
        except ValueError as error:
            if left:
                at = Position(left[0][4], left[0][5])
                raise PoisonEventError(projection.name, name, left[0][1], at, error) from error
    return found


def recorded(rows: Sequence[asyncpg.Record], projection: Projection[Any]) -> list[Recorded]:
    """The events of a stream that the projection handles.

    Raises:
        PoisonEventError: an event cannot be decoded.
    """
    try:
        return [_recorded(row) for row in rows]
    except (ValueError, LookupError):
        _name_culprit(rows, projection)
        raise


def _recorded(row: asyncpg.Record) -> Recorded:
    _, version, topic, state, transaction_id, notification_id = row
    event: Any = decode(topic, state)
    return Recorded(version, (transaction_id, notification_id), topic, event)


def _name_culprit(rows: Sequence[asyncpg.Record], projection: Projection[Any]) -> None:
    """Raise the first error again, with the place of its event."""
    for row in rows:
        try:
            _recorded(row)
        except (ValueError, LookupError) as error:
            at = Position(row[4], row[5])
            raise PoisonEventError(projection.name, row[0], row[1], at, error) from error
