"""Rows are made of an operation's parts, once all of them are there.

A saved search is resolved here and nowhere else: whom it finds now is whom preview, approval,
retry and undo are about, whatever it would find later.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import orjson

from contracts.operations import (
    BeginningCommand,
    BulkCommand,
    BulkEnroll,
    BulkImport,
    BulkMarkComplete,
    UndoOperation,
)
from projections.search import SEARCH
from services.domain.policy import Policy
from services.operations.chunks import Place
from services.operations.making import make
from services.operations.sql import query
from services.programs import reading as programs
from services.store.cursors import Cursor
from services.store.log import EventLog
from services.store.policies import policy_of
from services.views.search.criteria import LARGEST_PAGE, page_request
from services.views.search.postgres import PostgresSearch
from services.views.search.saved import saved


class NotYetError(Exception):
    """The search has not come to the present: the operation is looked at again."""


class Validating:
    """Makes the chunks of operations; ``clock`` tells when each was begun."""

    def __init__(self, log: EventLog, clock: Callable[[], datetime]) -> None:
        self._log = log
        self._pool = log.pool
        self._clock = clock

    async def validate(self, place: Place, asked: BeginningCommand, *, dry_run: bool) -> None:
        """Make the chunks, and let the operation run, wait for a second administrator, or end.

        Raises:
            NotYetError: try again a little later.
        """
        if isinstance(asked, BulkCommand) and asked.search is not None:
            await self._find(place, asked, asked.search)
        courses = await self._courses(asked)
        policy = await policy_of(self._pool, place.school)
        await self._make(place, asked, courses)
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(query("told_count"), *place)
            total = await connection.fetchval(query("rows_total"), *place)
            found = _next(asked, total, policy, dry_run=dry_run)
            now = self._clock()
            await connection.execute(
                query("validated"),
                *place,
                *found,
                None if found.state == "completed" else now,
                now if found.state == "completed" else None,
            )
            if isinstance(asked, UndoOperation) and not dry_run:
                await connection.execute(
                    query("undone_by"), place.school, asked.undoes, place.operation
                )

    async def _make(self, place: Place, asked: BeginningCommand, courses: list[str]) -> None:
        match asked:
            case BulkCommand():
                await make(self._pool, place, "rows_of_learners", *place, courses)
            case UndoOperation():
                await make(self._pool, place, "rows_of_undo", place.school, asked.undoes)
            case _:
                await make(self._pool, place, "rows_of_imports", *place)

    async def _courses(self, asked: BeginningCommand) -> list[str]:
        """Each course once, those of learning programmes after those that are named."""
        if not isinstance(asked, BulkEnroll):
            return [getattr(asked, "course", "")]
        courses = dict.fromkeys(asked.courses)
        if asked.programs:
            head = await self._log.head()
            found = await programs.structures(self._log, asked.school, head)
            known = {it.program: it.courses for it in found}
            for name in asked.programs:
                courses |= dict.fromkeys(it.course for it in known[name])
        return list(courses)

    async def _find(self, place: Place, asked: BulkCommand, name: str) -> None:
        """Write down whom the search finds, as further parts."""
        if await Cursor(self._pool, SEARCH.name).read() < await self._log.head():
            raise NotYetError(f"the view {SEARCH.name} is behind the log")
        wanted = await saved(self._pool, place.school, name)
        await self._pool.execute(query("parts_found_drop"), *place, asked.parts)
        if wanted is None:
            return  # it has been removed since
        search, part = PostgresSearch(self._pool), asked.parts
        after: str | None = None
        while True:
            page = await search.find(place.school, wanted, page_request(LARGEST_PAGE, after))
            learners = [it.learner for it in page.found]
            if learners:
                part += 1
                body = orjson.dumps({"learners": learners})
                await self._pool.execute(query("part_put"), *place, part, "search", body)
            if page.next is None:
                return
            after = page.next


class _Next(NamedTuple):
    state: str
    pause_reason: str | None = None
    resume_to: str | None = None
    message: str | None = None


def _next(asked: BeginningCommand, total: int, policy: Policy, *, dry_run: bool) -> _Next:
    if not total:
        return _Next("completed", message=_nobody(asked))
    limit = policy.four_eyes_above
    if _is_completing(asked) and not dry_run and limit is not None and total > limit:
        return _Next(
            "paused",
            "approval_required",
            "running",
            f"The school lets nobody complete more than {limit:,} row{'' if limit == 1 else 's'} "
            "alone; a second administrator has to approve it.",
        )
    return _Next("running")


def _is_completing(asked: BeginningCommand) -> bool:
    if isinstance(asked, BulkEnroll):
        return asked.mark_complete
    return isinstance(asked, BulkMarkComplete | BulkImport)


def _nobody(asked: BeginningCommand) -> str:
    if isinstance(asked, BulkCommand) and asked.search is not None:
        return f"The search {asked.search} finds nobody now; nothing was done."
    return "There was nothing to do."
