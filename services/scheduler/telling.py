"""Learners are told that a completion has to be renewed: an event for each, once (B12).

What was told stands in the learner's own stream ``school/learner/~recertification``, and nowhere
else. The next event takes the next version of it: so of two that decide the same at one time, one
finds the version taken, reads again, and finds it told.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from contracts.events import RecertificationAnnounced
from contracts.topics import Stream, recertification_stream
from services.domain.due import announcement_id
from services.domain.schedules import Schedule
from services.scheduler.sql import query
from services.store.log import EventLog, VersionConflict
from services.store.mapper import decode, encode
from services.store.records import NewEvent

TRIES = 20
"""Two schedulers meet on one learner only while one replaces the other."""


class Warned(NamedTuple):
    """A learner whose completion falls due; ``version``: of the course's stream, as it was seen."""

    schedule: Schedule
    learner: str
    course: str
    version: int
    attempt: int
    completed_at: datetime
    due_at: datetime

    @property
    def stream(self) -> str:
        """What they were told."""
        return recertification_stream(self.schedule.school, self.learner)

    @property
    def record(self) -> str:
        """Their stream of the course."""
        return str(Stream(self.schedule.school, self.learner, self.course))

    @property
    def command_id(self) -> str:
        """What this is told by."""
        return announcement_id(
            self.schedule, self.learner, self.course, self.attempt, self.completed_at
        )


class _Told(NamedTuple):
    """What a stream holds: by which commands, and up to which version."""

    commands: frozenset[str] = frozenset()
    version: int = 0


async def tell(log: EventLog, warned: Sequence[Warned], now: datetime) -> None:
    """Tell who was not told yet, all or nothing; each learner stands in the list once.

    Whose record has gone on since it was seen is left for a later look: the completion may be
    gone, or the enrolment.

    Raises:
        VersionConflict: others came first again and again.
    """
    for remaining in reversed(range(TRIES)):
        told = await _told(log, {it.stream for it in warned})
        left = [it for it in warned if it.command_id not in told[it.stream].commands]
        if not left:
            return
        gone_on = await _gone_on(log, left)
        try:
            await log.append(_events((it for it in left if it.record not in gone_on), told, now))
        except VersionConflict:
            if not remaining:
                raise
        else:
            return


async def _told(log: EventLog, streams: Collection[str]) -> dict[str, _Told]:
    loaded = await log.load(dict.fromkeys(streams, 0))
    return {name: _read(events) for name, events in loaded.items()}


def _read(events: Sequence[NewEvent]) -> _Told:
    decoded = (decode(it.topic, it.state) for it in events)
    commands = (it.command_id for it in decoded if isinstance(it, RecertificationAnnounced))
    return _Told(frozenset(commands), len(events))


async def _gone_on(log: EventLog, warned: Sequence[Warned]) -> frozenset[str]:
    seen = {it.record: it.version for it in warned}
    rows = await log.pool.fetch(query("moved_on"), list(seen), list(seen.values()))
    return frozenset(row[0] for row in rows)


def _events(warned: Iterable[Warned], told: Mapping[str, _Told], now: datetime) -> list[NewEvent]:
    return [encode(it.stream, told[it.stream].version + 1, _event(it, now)) for it in warned]


def _event(it: Warned, now: datetime) -> RecertificationAnnounced:
    return RecertificationAnnounced(
        school=it.schedule.school,
        learner=it.learner,
        course=it.course,
        attempt=it.attempt,
        schedule=it.schedule.schedule,
        due_at=it.due_at,
        command_id=it.command_id,
        source="rule",
        recorded_at=now,
        effective_at=now,
    )
