"""One row for each award: an activity of type certificate was completed.

A claim awards when it completes the certificate, which is when all rules of it hold. One that was
reset and completed again is awarded again.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from contracts.events import ActivityCompleted
from contracts.fields import Provenance
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

News = Sequence[Recorded]
"""The new events of a stream: no award depends on an earlier one."""


def fold(_before: News | None, events: News) -> News:
    """The new events themselves."""
    return events


def writes(changes: Sequence[Change[News]]) -> list[Write]:
    """A row for each award."""
    return [Write(AWARDS.name, [row for change in changes for row in _awards(change)])]


def _awards(change: Change[News]) -> Iterator[Row]:
    for recorded in change.after:
        event = recorded.event
        if isinstance(event, ActivityCompleted) and event.activity_type == CERTIFICATE:
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
