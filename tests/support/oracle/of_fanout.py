"""Every matching event was told on each outward topic, under one id, in order, with its own mark.

What has to be told is worked out here from the log's JSON, with none of our own code.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from contracts import topics
from contracts.topics import event_id
from tests.support.oracle.of_kafka import header

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from services.store.records import FollowedEvent
    from tests.support.oracle.evidence import Evidence, Record

OUTWARD = (topics.WEBHOOKS, topics.ZAPIER, topics.NOTIFICATIONS)
TRIGGERS = {
    "learner_enrolled": "enrolled",
    "learner_unenrolled": "unenrolled_from_product",
    "activity_completed": "activity_completed",
    "course_completed": "course_completed",
    "progress_reset": "progress_reset",
    "completion_revoked": "completion_revoked",
    "reset_revoked": "completion_revoked",
    "enrolment_revoked": "completion_revoked",
    "recertification_announced": "recertification_due",
    "learning_program_completed": "learning_program_completed",
}
"""By the event type's short name."""


class Told(NamedTuple):
    """What one message says: of which event, what, and whether an administrator did it."""

    event_id: str
    trigger: str
    manually: bool | None


def fan_out_is_delivered(evidence: Evidence) -> Iterator[str]:
    """Each at least once, always under the same id, which no other has; and nothing else."""
    for topic in OUTWARD:
        wanted = {it for of_key in _wanted(evidence, topic).values() for it in of_key}
        ids: dict[Told, str] = {}
        for record in evidence.delivered[topic]:
            told, id_ = _told(record), header(record, "ce_id")
            if told not in wanted:
                yield f"{topic} has {told} in {id_}, which the log does not say"
            elif ids.setdefault(told, id_) != id_:
                yield f"{topic} has {told} as {ids[told]} and as {id_}"
        for told in wanted - ids.keys():
            yield f"{topic} was never told of {told}"
        if len(set(ids.values())) < len(ids):
            yield f"{topic} has one id for two messages"


def fan_out_is_in_order(evidence: Evidence) -> Iterator[str]:
    """The first deliveries of each key are in the log's order, on one partition."""
    for topic in OUTWARD:
        wanted = _wanted(evidence, topic)
        found: dict[str, dict[Told, None]] = defaultdict(dict)
        partitions: dict[str, set[int]] = defaultdict(set)
        for record in evidence.delivered[topic]:
            key = (record.key or b"").decode()
            found[key].setdefault(_told(record))
            partitions[key].add(record.partition)
        for key, told in found.items():
            order = [it for it in wanted.get(key, ()) if it in told]
            if [it for it in told if it in order] != order:
                yield f"{topic} has {list(told)} of {key}, the log's order is {order}"
            if len(partitions[key]) > 1:
                yield f"{topic} has {key} on the partitions {sorted(partitions[key])}"


def _wanted(evidence: Evidence, topic: str) -> Mapping[str, list[Told]]:
    """What each key has to be told, in order."""
    wanted: dict[str, list[Told]] = defaultdict(list)
    for event in evidence.stored.events:
        for told in _mailed(event) if topic == topics.NOTIFICATIONS else _happened(event):
            wanted[event.originator_id.rpartition("/")[0]].append(told)
    return wanted


def _happened(event: FollowedEvent) -> Sequence[Told]:
    trigger = TRIGGERS.get(event.topic.split(".")[-2])
    if trigger is None:
        return ()
    body: dict[str, Any] = json.loads(event.state)
    first = Told(_id(event), trigger, body.get("manually_completed"))
    if body.get("activity_type") == "certificate":
        return first, first._replace(trigger="certificate_awarded")
    return (first,)


def _mailed(event: FollowedEvent) -> Sequence[Told]:
    body: dict[str, Any] = json.loads(event.state)
    if not body.get("send_completion_email"):
        return ()
    return (Told(_id(event), "notice", body["manually_completed"]),)


def _told(record: Record) -> Told:
    body: dict[str, Any] = json.loads(record.value or b"")
    of = body.get("data", body)
    return Told(body["event_id"], body.get("trigger", "notice"), of.get("manually_completed"))


def _id(event: FollowedEvent) -> str:
    return event_id(event.originator_id, event.originator_version)
