"""Every event was delivered, in order where order is promised; the latest progress is the last."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from contracts import topics
from contracts.progress import LatestProgress
from contracts.topics import Stream, event_id, learner_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.oracle.evidence import Evidence, Record


def header(record: Record, name: str) -> str:
    """The header's text; empty where it is not there."""
    return next((raw.decode() for key, raw in record.headers if key == name and raw), "")


def events_are_delivered(evidence: Evidence) -> Iterator[str]:
    """At least once, under the stable id, with the log's bytes; nothing that the log has not."""
    log = {event_id(it.originator_id, it.originator_version): it for it in evidence.stored.events}
    first: dict[str, Record] = {}
    for record in evidence.delivered[topics.EVENTS]:
        id_ = header(record, "ce_id")
        event = log.get(id_)
        if event is None:
            yield f"{topics.EVENTS} has {id_!r} at {_place(record)}, which is not in the log"
            continue
        if (record.value, header(record, "ce_type")) != (event.state, event.topic):
            yield f"{id_} was delivered at {_place(record)} with other bytes than the log has"
        earlier = first.setdefault(id_, record)
        if (earlier.key, earlier.headers) != (record.key, record.headers):
            yield f"{id_} was delivered at {_place(earlier)} and, not equal, at {_place(record)}"
    for id_ in log.keys() - first.keys():
        yield f"the event {id_} was never delivered"


def events_are_in_order(evidence: Evidence) -> Iterator[str]:
    """The first deliveries of each key are in the log's order, on one partition."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for event in evidence.stored.events:
        stream = Stream.parse(event.originator_id)
        key = learner_key(stream.school, stream.learner)
        wanted[key].append(event_id(event.originator_id, event.originator_version))
    found: dict[str, dict[str, None]] = defaultdict(dict)
    partitions: dict[str, set[int]] = defaultdict(set)
    for record in evidence.delivered[topics.EVENTS]:
        key = (record.key or b"").decode()
        found[key].setdefault(header(record, "ce_id"))
        partitions[key].add(record.partition)
    for key, ids in found.items():
        order = [id_ for id_ in wanted[key] if id_ in ids]
        for first, expected in zip(ids, order, strict=False):
            if first != expected:
                yield f"of the key {key} {first} was delivered where {expected} had to come"
                break
        if len(partitions[key]) > 1:
            yield f"the key {key} is on the partitions {sorted(partitions[key])}"


def latest_progress_is_last(evidence: Evidence) -> Iterator[str]:
    """The last record of each key is the view's row, and every row has one."""
    last = {
        (record.key or b"").decode(): LatestProgress.model_validate_json(record.value or b"")
        for record in evidence.delivered[topics.PROGRESS]
    }
    rows = {str(Stream(it.school, it.learner, it.course)): it for it in evidence.stored.progress}
    for key in rows.keys() - last.keys():
        yield f"{topics.PROGRESS} has nothing for {key}"
    for key in last.keys() - rows.keys():
        yield f"{topics.PROGRESS} has {key}, which the view has not"
    for key in rows.keys() & last.keys():
        if rows[key] != last[key]:
            yield f"the last record for {key} is {last[key]!r}, the view has {rows[key]!r}"


def _place(record: Record) -> str:
    return f"[{record.partition}]@{record.offset}"
