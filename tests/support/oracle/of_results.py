"""Every command has a result, and none ever changed (B1, B2)."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from contracts import topics
from tests.support.oracle.of_kafka import header

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.support.oracle.evidence import Evidence, Key

WITHOUT_RECEIPT = {"invalid_command", "command_id_reused"}
"""Refusals that are kept nowhere: each record of such a command is answered on its own."""


def commands_are_answered(evidence: Evidence) -> Iterator[str]:
    """Each record on the commands' topic has a result, or stands among the dead letters."""
    answered = {id_ for _, id_ in _results(evidence)}
    buried = {
        (int(header(letter, "coursemark_partition")), int(header(letter, "coursemark_offset")))
        for letter in evidence.delivered[topics.dead(topics.COMMANDS)]
    }
    arrived = set()
    for record in evidence.delivered[topics.COMMANDS]:
        id_ = header(record, "ce_id")
        arrived.add(id_)
        if id_ not in answered and (record.partition, record.offset) not in buried:
            yield f"the command {id_!r} at [{record.partition}]@{record.offset} has no result"
    for _, id_ in evidence.sent:
        if id_ not in arrived:
            yield f"Kafka acknowledged the command {id_} and does not have it"


def results_never_change(evidence: Evidence) -> Iterator[str]:
    """All results of a command are its receipt's bytes; what has no receipt is answered alike.

    Commands of an operation's rows came by no record: their receipts are what the operation counts.
    """
    receipts, results = evidence.stored.receipts, _results(evidence)
    for key, bodies in results.items():
        kept = receipts[key].result if key in receipts else None
        if kept is not None and kept not in bodies:
            yield f"no result of {key} is its receipt's"
        others: dict[str, bytes] = {}
        for body in bodies:
            if body == kept:
                continue
            result = json.loads(body)
            if result.get("code") not in WITHOUT_RECEIPT:
                yield f"a result of {key} is not its receipt's: {body!r}, the receipt: {kept!r}"
            elif (first := others.setdefault(result["recorded_at"], body)) != body:
                yield f"one record of {key} has the results {first!r} and {body!r}"
    of_rows = {(key[0], id_) for key, _, id_ in evidence.stored.operations.command_ids()}
    for key in receipts.keys() - results.keys() - of_rows:
        yield f"the receipt of {key} was never sent as a result"


def nothing_else_is_dead(evidence: Evidence) -> Iterator[str]:
    """No record is buried for a fault of ours."""
    for topic in topics.CONSUMED:
        for letter in evidence.delivered[topics.dead(topic)]:
            if (code := header(letter, "coursemark_error_code")) == "internal_error":
                origin = f"{topic}[{header(letter, 'coursemark_partition')}]"
                offset = header(letter, "coursemark_offset")
                yield f"{origin}@{offset} is dead as {code}: {header(letter, 'coursemark_error')}"


def _results(evidence: Evidence) -> Mapping[Key, list[bytes]]:
    found: dict[Key, list[bytes]] = defaultdict(list)
    for record in evidence.delivered[topics.RESULTS]:
        body: dict[str, Any] = json.loads(record.value or b"")
        found[body["school"], body["command_id"]].append(record.value or b"")
    return found
