"""Whom a schedule is for at a slot."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg

from projections.progress import PROGRESS
from projections.search import SEARCH
from services.domain.schedules import (
    Recertify,
    Schedule,
    Tagged,
    is_old_enough,
    old_enough_at_most,
    search_of,
)
from services.store.people import tagged
from services.views.progress import ProgressView
from services.views.search.criteria import page_request
from services.views.search.postgres import PostgresSearch
from services.views.search.saved import saved


class Meant(NamedTuple):
    """Learners, or the name of a saved search that finds so many now.

    ``exactly``: False where a search finds more than it counts. ``completed_until``: of a
    recertification, the youngest completion among them.
    """

    whom: Sequence[str] | str
    number: int
    exactly: bool = True
    completed_until: datetime | None = None


def view_of(schedule: Schedule) -> str | None:
    """The view that says who is meant; none where the directory does."""
    if isinstance(schedule.task, Recertify):
        return PROGRESS.name
    return None if search_of(schedule.task) is None else SEARCH.name


async def meant(pool: asyncpg.Pool, schedule: Schedule, slot: datetime) -> Meant:
    """Whom it is for at the slot, as views and directory say now; a search that is gone: nobody."""
    school, task = schedule.school, schedule.task
    if isinstance(task, Recertify):
        return await _due(pool, schedule, task, slot)
    if isinstance(task.whom, Tagged):
        learners = await tagged(pool, school, task.whom.tags)
        return Meant(learners, len(learners))
    name = task.whom.search
    wanted = await saved(pool, school, name)
    if wanted is None:
        return Meant(name, 0)
    page = await PostgresSearch(pool).find(school, wanted, page_request(1))
    return Meant(name, page.total.learners, page.total.exact)


async def _due(pool: asyncpg.Pool, schedule: Schedule, task: Recertify, slot: datetime) -> Meant:
    """Who is enrolled now, and completed the course so long ago and not again since."""
    most = old_enough_at_most(schedule, task, slot)
    rows = await ProgressView(pool).completed_until(schedule.school, task.course, most)
    due = [it for it in rows if is_old_enough(schedule, task, it[1], slot)]
    until = max((completed_at for _, completed_at in due), default=None)
    return Meant([learner for learner, _ in due], len(due), completed_until=until)
