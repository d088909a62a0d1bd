"""Each acknowledged command's events stand exactly once; versions are contiguous; views agree."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from contracts.topics import event_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.oracle.evidence import Evidence, Key

Place = tuple[str, int]
"""A stream and a version in it."""


def versions_are_contiguous(evidence: Evidence) -> Iterator[str]:
    """Every stream counts from 1 without a gap, in the order of the log."""
    found: dict[str, list[int]] = defaultdict(list)
    for event in evidence.stored.events:
        found[event.originator_id].append(event.originator_version)
    for stream, versions in found.items():
        if versions != list(range(1, len(versions) + 1)):
            yield f"the stream {stream} has the versions {_ranges(versions)} in the log's order"


def accepted_events_stand(evidence: Evidence) -> Iterator[str]:
    """Each event that a receipt names is in the log, there, of that type, by that command."""
    log = {(it.originator_id, it.originator_version): it for it in evidence.stored.events}
    named: dict[Place, Key] = {}
    for key, result in _results(evidence):
        for reference in result.get("events", ()):
            place = reference["stream"], reference["version"]
            first = named.setdefault(place, key)
            if first != key:
                yield f"the event {event_id(*place)} stands in the receipts of {first} and of {key}"
            event = log.get(place)
            if event is None:
                yield f"the receipt of {key} names the event {event_id(*place)}, which is missing"
            elif (event.topic, reference["id"]) != (reference["type"], event_id(*place)):
                yield f"the receipt of {key} names {reference}, the log has a {event.topic}"
            elif (body := json.loads(event.state))["command_id"] != key[1]:
                yield f"the receipt of {key} names {event_id(*place)} of {body['command_id']}"


def events_have_receipts(evidence: Evidence) -> Iterator[str]:
    """No event of a learner in a course without a receipt that names it; so none twice."""
    named = {
        (reference["stream"], reference["version"])
        for _, result in _results(evidence)
        for reference in result.get("events", ())
    }
    for event in evidence.stored.events:
        place = event.originator_id, event.originator_version
        if "~" not in event.originator_id and place not in named:
            command = json.loads(event.state)["command_id"]
            yield f"no receipt names the event {event_id(*place)} of the command {command}"


def views_are_folds(evidence: Evidence) -> Iterator[str]:
    """Every row of every view is what its events say, and every follower is at the log's end."""
    yield from evidence.stored.drift
    yield from evidence.stored.behind


def _results(evidence: Evidence) -> Iterator[tuple[Key, dict]]:  # type: ignore[type-arg]
    for key, receipt in evidence.stored.receipts.items():
        yield key, json.loads(receipt.result)


def _ranges(versions: list[int]) -> str:
    return ", ".join(map(str, versions[:30])) + (" ..." if len(versions) > 30 else "")
