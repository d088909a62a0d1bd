"""Reads of due dates; only of who is enrolled, and only of completions that stand."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import asyncpg

from contracts.fields import EPOCH
from projections.sql import statement
from services.domain.due import Agenda, agendas, earliest
from services.store import schedules
from services.views.due.asking import DueRequest, read, write
from services.views.due.paging import Due, Gathering, Window

READ = 1_000
"""Rows that a page holds at a time."""


class DuePage(NamedTuple):
    """The soonest first; ``next`` leads on, none after the last."""

    found: Sequence[Due]
    next: str | None


class DueView:
    """As schedules and the view of progress say now; ``pool`` reaches their database."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def of_learners(
        self, school: str, learners: Collection[str]
    ) -> dict[tuple[str, str], Due]:
        """By learner and course; who has to renew nothing is not there."""
        by_course = await self._agendas(school)
        if not by_course:
            return {}
        rows = await self._pool.fetch(
            _query("completions_of_learners"), school, list(learners), list(by_course)
        )
        found = {}
        for learner, course, attempt, completed_at in rows:
            due = earliest(by_course[course], completed_at)
            if due is not None:
                found[learner, course] = Due(
                    due.at, course, completed_at, learner, attempt, due.schedule
                )
        return found

    async def page(self, school: str, asked: DueRequest) -> DuePage:
        """Who of a school falls due in that time, by due date, course, completion and learner.

        Raises:
            InvalidCursorError: ``after`` is no cursor.
            ForeignCursorError: it belongs to something else that was asked for.
        """
        window = Window(asked.since or EPOCH, asked.before, read(school, asked))
        gathering = Gathering(window, asked.limit + 1)
        by_course = await self._agendas(school)
        wanted = sorted(it for it in by_course if asked.course in {None, it})
        async with self._pool.acquire() as connection, connection.transaction(readonly=True):
            for course in wanted:
                await _gather(connection, gathering, school, course, by_course[course])
        shown = gathering.found[: asked.limit]
        more = len(gathering.found) > asked.limit
        return DuePage(shown, write(shown[-1].place, school, asked) if more else None)

    async def _agendas(self, school: str) -> dict[str, list[Agenda]]:
        """Of the school's schedules that recertify and are on, by course."""
        kept = await schedules.of_school(self._pool, school)
        found: dict[str, list[Agenda]] = {}
        for agenda in agendas(it.schedule for it in kept):
            found.setdefault(agenda.task.course, []).append(agenda)
        return found


async def _gather(
    connection: asyncpg.Connection,
    gathering: Gathering,
    school: str,
    course: str,
    agendas: Sequence[Agenda],
) -> None:
    span = gathering.span(course, agendas)
    if span is None:
        return
    of_course = gathering.course(course, agendas)
    sql = _query("completions_between")
    async for row in connection.cursor(sql, school, course, *span, prefetch=READ):
        if not of_course.take(*row):
            return


def _query(name: str) -> str:
    return statement("projections.progress", f"queries/{name}")
