"""Learners are looked through for completions that fall due soon, some at a time (B12).

A pass goes through every schedule that warns, and through every learner of its course. Between two
passes only those schedules are looked at that were changed. Where a pass stands is kept in memory:
one that begins again finds in the log who was told.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import asyncpg

from services.domain.due import Agenda, agendas
from services.scheduler.sql import query
from services.scheduler.telling import Warned, tell
from services.store import schedules
from services.store.failures import passes
from services.store.log import EventLog

EVERY = timedelta(hours=1)
"""Between the beginnings of two passes; a warning is some days before."""
SOON = timedelta(seconds=5)
"""Between two looks for schedules that were changed, or for views that are not there yet."""
LEARNERS = 2_000
"""Looked at in one turn: memory stays flat whatever a course's size, and slots do not wait long."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_NOT_BUILT = asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError
log = logging.getLogger(__name__)


class _Place(NamedTuple):
    """How far a pass has come: after which learner; none: through with the schedule."""

    school: str = ""
    schedule: str = ""
    learner: str | None = None


class Announcing:
    """Of all schools of a log; ``clock`` tells who is to be told."""

    def __init__(
        self, event_log: EventLog, clock: Callable[[], datetime], learners: int = LEARNERS
    ) -> None:
        self._log, self._pool = event_log, event_log.pool
        self._clock = clock
        self._learners = learners
        self._at: _Place | None = None
        self._changed_after = self._seen = self._next_pass = self._next_look = _LONG_AGO
        self._agenda: Agenda | None = None

    async def turn(self) -> bool:
        """Look at some learners of a schedule; False where no pass is under way."""
        now = self._clock()
        if self._at is None and not self._begin(now):
            return False
        at = self._at or _Place()
        if at.learner is None:
            following = await self._following(at)
            if following is None:
                self._at = None
                return False
            at = following
        self._at = await self._looked_at(at, now)
        return True

    def _begin(self, now: datetime) -> bool:
        """Begin a pass, or a look at what was changed; False where it is too early."""
        if now >= self._next_pass:
            self._next_pass, self._changed_after = now + EVERY, _LONG_AGO
        elif now >= self._next_look:
            self._changed_after = self._seen
        else:
            return False
        self._next_look = now + SOON
        return True

    async def _following(self, at: _Place) -> _Place | None:
        """The schedule that comes next in this pass."""
        row = await self._pool.fetchrow(
            query("announced_next"), at.school, at.schedule, self._changed_after
        )
        if row is None:
            return None
        school, schedule, changed_at = row
        self._seen = max(self._seen, changed_at)
        return _Place(school, schedule, "")

    async def _looked_at(self, at: _Place, now: datetime) -> _Place:
        """A page of a schedule's learners; what is wrong with it stops no other schedule."""
        try:
            return at._replace(learner=await self._page(at, now))
        except _NOT_BUILT:
            self._next_pass = now + SOON
        except Exception as error:
            if passes(error):
                raise
            log.exception("warnings of the schedule %s of %s failed", at.schedule, at.school)
        return at._replace(learner=None)

    async def _page(self, at: _Place, now: datetime) -> str | None:
        """Tell who is to be told among the next learners; returns the last one, none at the end."""
        agenda = await self._agenda_of(at)
        if agenda is None or agenda.task.warn_days is None:
            return None
        until = now + timedelta(days=agenda.task.warn_days, microseconds=1)
        span = agenda.completed(now, until)
        if span is None:
            return None
        course = agenda.task.course
        rows = await self._pool.fetch(
            query("announced_page"), at.school, course, at.learner, *span, self._learners
        )
        if not rows:
            return None
        warned = []
        for _, learner, version, attempt, completed_at in rows:
            due = None if learner is None else agenda.told_at(completed_at, now)
            if due is not None:
                warned.append(
                    Warned(agenda.schedule, learner, course, version, attempt, completed_at, due)
                )
        if warned:
            await tell(self._log, warned, now)
        ends_with: str = rows[0][0]
        return ends_with

    async def _agenda_of(self, at: _Place) -> Agenda | None:
        """Of the schedule as it stands now; none where it is gone or off."""
        kept = await schedules.read(self._pool, at.school, at.schedule)
        if kept is None:
            return None
        if self._agenda is None or self._agenda.schedule != kept.schedule:
            self._agenda = next(iter(agendas([kept.schedule])), None)
        return self._agenda
