"""What cannot be erased at once: where it is, what it is, and for how long."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from contracts import topics
from services.privacy.holdings import Holdings, Told
from services.privacy.who import Who
from services.runtime.topology import TOPICS

_DAY_MS = 24 * 60 * 60 * 1_000
_IDS = "ids and marks, no name"
_LETTERS = "what could not be handled, with the bytes that came: a name, where one came in them"
_DEAD = [topics.dead(topic) for topic in topics.CONSUMED]


class Remaining(NamedTuple):
    """``until``: as a sentence's end; days as the topology has them."""

    where: str
    what: str
    until: str


def remaining(who: Who, had: Holdings, receivers: Sequence[Told]) -> list[Remaining]:
    """What is left, what names the person first."""
    return [*_on_kafka(), *_outside(had, receivers), *_with_ids(who, had)]


def _on_kafka() -> Iterator[Remaining]:
    yield Remaining(
        topics.DIRECTORY,
        "the record under the tombstone, with name and address",
        "Kafka compacts the topic; max.compaction.lag.ms of the topic bounds it",
    )
    for name in _DEAD:
        yield Remaining(name, _LETTERS, f"{_days(name)} after each came")
    for name, spec in TOPICS.items():
        if spec.cleanup == "delete" and name not in _DEAD:
            yield Remaining(name, _IDS, f"{_days(name)} after each was sent")


def _outside(had: Holdings, receivers: Sequence[Told]) -> Iterator[Remaining]:
    for it in receivers:
        yield Remaining(
            f"{it.kind} {it.endpoint}, {it.url}",
            f"{it.deliveries:,} deliveries, each with name and address as they were",
            "they erase it; tell them",
        )
    if had.mails:
        yield Remaining("e-mails", "those that were sent", "whoever got them deletes them")
    yield Remaining(
        "backups of PostgreSQL and Kafka",
        "all that was there",
        "they are deleted; after a restore, erase again",
    )
    yield Remaining(
        "files that were made of it", "imports, exports, lists of errors", "you delete them"
    )
    yield Remaining(
        "files sent to the API to be imported",
        "names and addresses, in those with them",
        "each is imported, or a day after it came",
    )
    yield Remaining(
        "the audit log",
        "what they asked the API for: ids, the address that it came from",
        "COURSEMARK_AUDIT_DAYS after each, a year unless you say otherwise",
    )


def _with_ids(who: Who, had: Holdings) -> Iterator[Remaining]:
    if had.notes:
        yield Remaining(
            "notes",
            f"{had.notes:,} on their events and rows; a note holds no personal data",
            "for good: `coursemark privacy export` shows them",
        )
    if "@" in who.user:
        yield Remaining("the id", "it looks like an address", "for good: the log keeps ids")
    yield Remaining("the log and its views", _IDS, "for good")


def _days(topic: str) -> str:
    return f"{TOPICS[topic].retention_ms // _DAY_MS} days"
