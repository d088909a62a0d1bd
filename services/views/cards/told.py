"""What the events log said of a learner by a day, read from the log: as much as a page asks for."""

from collections.abc import Collection, Mapping, Sequence
from operator import attrgetter
from typing import Any

from contracts.registry import UNDOS
from contracts.topics import Stream
from projections.definition import Recorded
from projections.events_log import EVENTS_LOG
from services.store.records import FollowedEvent, Position
from services.store.selection import stored_names
from services.views.cards.folding import Past, folded, in_turns, lines, recorded_of
from services.views.events_log import END, Asked, Entry

_UNDOS = frozenset(stored_names(UNDOS) or ())


async def told(
    streams: Mapping[str, Sequence[FollowedEvent]],
    asked: Asked,
    when: Past,
    *,
    before: Position = END,
    limit: int,
) -> list[Entry]:
    """The newest entries that are asked for, before a position; ``streams``: whole, by name.

    Beside undos no more events are decoded than it takes to find so many.
    """
    if limit == 0:
        return []
    events = [event for each in streams.values() for event in each]
    undone = await _undone(events, when)
    found: list[Entry] = []
    async for event in in_turns(_newest(events, asked.types, before)):
        recorded, gone = recorded_of(event), (event.originator_id, event.originator_version)
        if when.by == "effective" and (event.topic in _UNDOS or gone in undone):
            continue
        if when.has(recorded.event) and asked.covers(recorded.event.recorded_at):
            entry = _entry(event.originator_id, recorded, undone=gone in undone)
            found += [entry] if asked.has(entry) else []
            if len(found) == limit:
                break
    return found


def _newest(
    events: Sequence[FollowedEvent], types: Collection[str] | None, before: Position
) -> list[FollowedEvent]:
    chosen = (it for it in events if types is None or it.topic in types)
    behind = (it for it in chosen if it.position < before)
    return sorted(behind, key=attrgetter("position"), reverse=True)


async def _undone(events: Sequence[FollowedEvent], when: Past) -> set[tuple[str, int]]:
    """Streams and versions of what was taken back by then; by the clock "effective" by today."""
    found: set[tuple[str, int]] = set()
    async for event in in_turns([it for it in events if it.topic in _UNDOS]):
        undo: Any = recorded_of(event).event
        if when.by == "effective" or when.has(undo):
            found |= {(event.originator_id, it.version) for it in undo.undone}
    return found


def _entry(stream: str, recorded: Recorded, *, undone: bool) -> Entry:
    [row] = folded(EVENTS_LOG, Stream.parse(stream), [recorded], None)["entries"]
    position = Position(row["transaction_id"], row["notification_id"])
    [entry] = lines(Entry, [row | {"position": position, "undone": undone}])
    return entry
