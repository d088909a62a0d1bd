"""The directory is the last record of each key; a structure's log has its highest version last."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from contracts import topics
from contracts.topics import COURSES, PROGRAMS, Stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.oracle.evidence import Evidence


def directory_is_the_last_record(evidence: Evidence) -> Iterator[str]:
    """Whoever's last record is a tombstone is gone; nobody else is."""
    last = {
        tuple((record.key or b"").decode().split("/")): record.value
        for record in evidence.delivered[topics.DIRECTORY]
    }
    stored = {(school,): row[1:2] for school, row in evidence.stored.schools.items()}
    stored |= {key: row[2:3] for key, row in evidence.stored.users.items()}
    said = {
        key: (body.get("plan") or body.get("role_level", "user"),)
        for key, value in last.items()
        if value is not None
        for body in [json.loads(value)]
    }
    for key in said.keys() | stored.keys():
        if said.get(key) != stored.get(key):
            yield (
                f"the directory has {stored.get(key)} of {'/'.join(key)}, "
                f"the last record says {said.get(key)}"
            )


def structures_rise(evidence: Evidence) -> Iterator[str]:
    """Each course's and programme's versions rise, up to the highest that was published."""
    found: dict[str, list[int]] = {}
    for event in evidence.stored.events:
        stream = Stream.parse(event.originator_id)
        if stream.learner in {COURSES, PROGRAMS}:
            key = f"{stream.school}/{stream.course}" if stream.is_course else str(stream)
            version = json.loads(event.state)["structure"]["version"]
            found.setdefault(key, []).append(version)
    published: dict[str, int] = {}
    for record in evidence.delivered[topics.CATALOG]:
        key = (record.key or b"").decode()
        published[key] = max(published.get(key, 0), json.loads(record.value or b"")["version"])
    for key, versions in found.items():
        if versions != sorted(set(versions)):
            yield f"{key} has the structures {versions} in this order"
    for key in found.keys() | published.keys():
        if (last := found.get(key, [0])[-1]) != published.get(key):
            yield f"{key} has structure {last}, published is {published.get(key)}"
