"""The adapter on PostgreSQL: the view ``search``, and the directory's table of users."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

import asyncpg

from projections.search.state import NEVER
from projections.sql import statement
from services.store.people import Person, people
from services.views.search import composing, cursor
from services.views.search.criteria import Criteria, PageRequest
from services.views.search.cursor import Cursor
from services.views.search.port import COUNTED, Completion, Count, Found, Page, Record


class PostgresSearch:
    """Answers from one snapshot; ``pool`` reaches the database of the view and the directory.

    ``counted`` is up to how many learners a count is exact.
    """

    def __init__(self, pool: asyncpg.Pool, counted: int = COUNTED) -> None:
        self._pool = pool
        self._counted = counted

    async def find(self, school: str, criteria: Criteria, page: PageRequest) -> Page:
        """A page of learners; see the port."""
        before = None if page.after is None else cursor.read(page.after, school, criteria)
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            await connection.execute(statement("projections.search", "queries/plan"))
            learners, count = await self._learners(connection, school, criteria, page, before)
            shown = learners[: page.limit]
            found = await _found(connection, school, criteria, shown)
        more = len(learners) > page.limit
        return Page(found, count, _next(school, criteria, shown[-1], count) if more else None)

    async def _learners(
        self,
        connection: asyncpg.Connection,
        school: str,
        criteria: Criteria,
        page: PageRequest,
        before: Cursor | None,
    ) -> tuple[list[str], Count]:
        """The learners of the page and one more, and the count of the first page."""
        wanted = page.limit + 1
        most = max(self._counted + 1, wanted) if before is None else wanted
        after = "" if before is None else before.after
        sql, values = composing.page(school, criteria, after, most, wanted)
        number, learners = await connection.fetchrow(sql, *values)
        if before is not None:
            return learners, Count(before.learners, before.exact)
        exact = number <= self._counted
        return learners, Count(number if exact else self._counted, exact)


async def _found(
    connection: asyncpg.Connection, school: str, criteria: Criteria, learners: Sequence[str]
) -> tuple[Found, ...]:
    if not learners:
        return ()
    persons = await people(connection, school, learners)
    sql, values = composing.records(school, criteria, learners)
    records = _by_learner(await connection.fetch(sql, *values))
    return tuple(_one(it, persons.get(it), records.get(it, ())) for it in learners)


def _one(learner: str, person: Person | None, records: tuple[Record, ...]) -> Found:
    if person is None:
        return Found(learner, None, None, None, None, (), records)
    return Found(
        learner,
        person.name,
        person.email,
        person.role_level,
        person.role,
        tuple(person.tags),
        records,
    )


def _by_learner(rows: Iterable[asyncpg.Record]) -> Mapping[str, tuple[Record, ...]]:
    return {
        learner: tuple(_records(of_learner)) for learner, of_learner in groupby(rows, itemgetter(0))
    }


def _records(rows: Iterable[asyncpg.Record]) -> Iterator[Record]:
    """A record for each course: its rows are its enrolments with its completions."""
    for course, group in groupby(rows, itemgetter(1)):
        of_course = list(group)
        enrolled, attempt, status, rate, active_on = of_course[0][2:7]
        yield Record(
            course,
            enrolled,
            attempt,
            status,
            rate,
            None if active_on == NEVER else active_on,
            tuple(dict.fromkeys(row[7] for row in of_course if row[7] is not None)),
            tuple(dict.fromkeys(Completion(*row[8:]) for row in of_course if row[8] is not None)),
        )


def _next(school: str, criteria: Criteria, last: str, count: Count) -> str:
    search = cursor.digest(school, criteria)
    return cursor.write(Cursor(search=search, after=last, **count._asdict()))
