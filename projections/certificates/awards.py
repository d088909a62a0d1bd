"""One row for each award: an activity of type certificate was completed.

A claim awards when it completes the certificate, which is when all rules of it hold. One that was
reset and completed again is awarded again. One whose completion is undone never was (B7).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from contracts.events import ActivityCompleted, Revoked
from contracts.fields import Provenance
from contracts.registry import UNDOS, name_of
from projections.definition import Change, Recorded, Row, Table, Write

CERTIFICATE: Final = "certificate"
"""The activity's type."""


class AwardRow(NamedTuple):
    """An award; ``version`` of the learner's stream, ``actor`` who awarded it if anybody did."""

    school: str
    learner: str
    course: str
    version: int
    activity: str
    attempt: int
    awarded_at: datetime
    recorded_at: datetime
    provenance: Provenance
    score: float | None
    actor: str | None


AWARDS: Final = Table("awards", AwardRow._fields)

_COMPLETED: Final = name_of(ActivityCompleted)
HANDLES: Final = frozenset({_COMPLETED, *UNDOS})

News = Sequence[Recorded]
"""The new events of a stream: no award depends on an earlier one."""


def fold(_before: News | None, events: News) -> News:
    """The new events themselves."""
    return events


def writes(changes: Sequence[Change[News]]) -> list[Write]:
    """A row for each award, and none where its completion was undone."""
    parts = [
        Write("delete_awards", [row for change in changes for row in _undone(change)]),
        Write(AWARDS.name, [row for change in changes for row in _awards(change)]),
    ]
    return [part for part in parts if part.rows]


def _undone(change: Change[News]) -> Iterator[Row]:
    """Completions that may have been awards."""
    for recorded in change.after:
        if isinstance(recorded.event, Revoked):
            for undone in recorded.event.undone:
                if undone.type == _COMPLETED:
                    yield (*change.stream, undone.version)


def _awards(change: Change[News]) -> Iterator[Row]:
    undone = {row[-1] for row in _undone(change)}
    for recorded in change.after:
        event = recorded.event
        if (
            isinstance(event, ActivityCompleted)
            and event.activity_type == CERTIFICATE
            and recorded.version not in undone
        ):
            yield AwardRow(
                *change.stream,
                recorded.version,
                event.activity,
                event.attempt,
                event.effective_at,
                event.recorded_at,
                event.provenance,
                event.score,
                event.actor,
            )
