"""Specs of views: what happened, one event at a time, and the rows that come of it.

Each case goes three ways, and all must give the same rows: every event handled by a projector
that has just started and knows only what is stored; all events in one batch; and a rebuild,
which reads the log stream by stream. The fixture sees to the second and the third afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from projections.registry import PROJECTIONS
from services.domain.course import Course
from services.projector.runtime import Projector
from services.views.events_log import Entry, EventsLogView
from services.views.programs import ProgramsView
from services.views.progress import ProgressView
from tests.support.appended import MINE, Appender

if TYPE_CHECKING:
    from contracts.topics import Stream
    from services.store.log import EventLog
    from services.store.mapper import LoggedEvent
    from services.views.lines import ActivityLine, AttemptLine, CourseLine
    from tests.support.happened import Draft

Rows = dict[str, list[tuple[Any, ...]]]


class ViewSpec:
    """A log and all its views."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._appender = Appender(log)
        self.progress = ProgressView(log.pool)
        self.events_log = EventsLogView(log.pool)
        self.programs = ProgramsView(log.pool)

    async def given(self, *steps: Draft | Course, to: Stream = MINE, **common: Any) -> None:
        """What happened to a learner, and the structures that were published meanwhile."""
        for step in steps:
            if isinstance(step, Course):
                await self._appender.published(step, to.school, to.course)
            else:
                await self._appender.happened(step, to=to, **common)
            await Projector(self._log).catch_up()

    async def logged(self, *events: tuple[str, LoggedEvent]) -> None:
        """Events of other streams, one at a time."""
        for event in events:
            await self._appender.append([event])
            await Projector(self._log).catch_up()

    async def agrees(self) -> None:
        """The other two ways give the rows that are there, and the check finds no fault."""
        one_by_one = await all_rows(self._log)
        await self._forget()
        await Projector(self._log).catch_up()
        assert await all_rows(self._log) == one_by_one
        for projection in PROJECTIONS:
            await Projector(self._log).rebuild(projection.name)
            assert await all_rows(self._log) == one_by_one
            assert (await Projector(self._log).check(projection.name)).differences == []

    async def course(self, of: Stream = MINE) -> CourseLine:
        [found] = [
            row
            for row in await self.progress.course_rows(of.school, of.learner)
            if row.course == of.course
        ]
        return found

    async def activities(self, of: Stream = MINE) -> dict[str, ActivityLine]:
        return {row.activity: row for row in await self.progress.activity_rows(*of)}

    async def attempts(self, of: Stream = MINE) -> list[AttemptLine]:
        return await self.progress.attempts(*of)

    async def entries(self, of: Stream = MINE) -> list[Entry]:
        return await self.events_log.entries(*of)

    async def _forget(self) -> None:
        for projection in PROJECTIONS:
            await self._log.pool.execute(f"drop schema {projection.name} cascade")
        await self._log.pool.execute("delete from projection_cursors")


async def all_rows(log: EventLog) -> Rows:
    """Every row of every view, by table, in one order; of totals those that are not 0."""
    rows = {}
    for it in PROJECTIONS:
        for table in it.tables:
            rows[f"{it.name}.{table.name}"] = await _rows(log, f"{it.name}.{table.name}", "true")
        for totals in it.totals:
            some = f"({', '.join(totals.sums)}) <> ({', '.join('0' for _ in totals.sums)})"
            rows[f"{it.name}.{totals.name}"] = await _rows(log, f"{it.name}.{totals.name}", some)
    return rows


async def _rows(log: EventLog, table: str, condition: str) -> list[tuple[Any, ...]]:
    sql = f"select * from {table} t where {condition} order by t"  # noqa: S608 - our own names
    return [tuple(row) for row in await log.pool.fetch(sql)]
