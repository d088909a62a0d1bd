"""The tables of one projection in one schema."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Generic, TypeVar

import asyncpg

from contracts.topics import Stream
from projections.definition import Projection, Row, Table, Totals, Write
from projections.sql import statement
from services.projector.sql import query
from services.projector.totals import Sums, add, merged

S = TypeVar("S")


class View(Generic[S]):
    """Reads and writes rows; ``schema`` is the projection's name, or where it is rebuilt."""

    def __init__(self, pool: asyncpg.Pool, projection: Projection[S], schema: str) -> None:
        self.pool = pool
        self.projection = projection
        self.schema = schema
        self._tables = {table.put or table.name: table for table in projection.tables}
        self._totals = {totals.add: totals for totals in projection.totals}

    def totals_of(self, statement: str) -> Totals | None:
        """The totals to which a statement adds; none where it is about tables."""
        return self._totals.get(statement)

    def table_of(self, statement: str) -> Table | None:
        """The table into which a statement puts rows; none where it puts none."""
        return self._tables.get(statement)

    @asynccontextmanager
    async def reading(self, isolation: str | None = None) -> AsyncIterator[asyncpg.Connection]:
        """A transaction in which unqualified names are the view's tables."""
        options = {"isolation": isolation, "readonly": True}
        async with self.pool.acquire() as connection, connection.transaction(**options):
            await connection.execute(query("enter"), self.schema)
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[asyncpg.Connection]:
        """The same to write rows in; its commit does not wait for the disk."""
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute(query("write"), self.schema)
            yield connection

    async def create(self, connection: asyncpg.Connection) -> None:
        """Make the schema and its empty tables."""
        await connection.execute(query("view_name"), self.schema)
        await connection.execute(query("view_create"))
        await connection.execute(query("enter"), self.schema)
        await connection.execute(statement(self.projection.package, "tables"))

    async def load(
        self, connection: asyncpg.Connection, streams: Collection[Stream]
    ) -> dict[Stream, S]:
        """The states of the streams that have rows."""
        if self.projection.restore is None or not streams:
            return {}
        tables = [table.name for table in self.projection.tables if table.restores]
        return self.projection.restore(await self.rows(connection, tables, streams))

    async def rows(
        self, connection: asyncpg.Connection, tables: Sequence[str], streams: Collection[Stream]
    ) -> Mapping[str, Sequence[Row]]:
        """The stored rows of these streams, by table."""
        columns = _columns(streams)
        package = self.projection.package
        return {
            name: await connection.fetch(statement(package, f"load_{name}"), *columns)
            for name in tables
        }

    async def streams_of(
        self, connection: asyncpg.Connection, school: str, course: str, after: str, limit: int
    ) -> list[Stream]:
        """Streams of a course that have rows, in order of learner, after one."""
        sql = statement(self.projection.package, "streams_of_course")
        return [Stream(*row) for row in await connection.fetch(sql, school, course, after, limit)]

    async def sums(self, connection: asyncpg.Connection, totals: Totals) -> Sums:
        """All that is stored of totals."""
        sql = query("totals").format(columns=", ".join(totals.columns), table=totals.name)
        sums: Sums = {}
        async for row in connection.cursor(sql, prefetch=1_000):
            add(totals, sums, [tuple(row)])
        return sums

    async def write(self, connection: asyncpg.Connection, writes: Sequence[Write]) -> None:
        """Put the rows where rows of theirs may stand already."""
        for name, rows in writes:
            table = self._tables.get(name)
            if table is not None and table.put is None:
                await self._copy(connection, table, rows)
            else:
                await self._execute(connection, name, rows)

    async def fill(self, connection: asyncpg.Connection, writes: Sequence[Write]) -> None:
        """Put the rows of streams that have none yet: several times faster; add to totals.

        Statements that alter rows or take them away find nothing to do.
        """
        for name, rows in writes:
            table = self.table_of(name)
            if self.totals_of(name) is not None:
                await self._execute(connection, name, rows)
            elif table is not None:
                await self._copy(connection, table, rows)

    async def _execute(
        self, connection: asyncpg.Connection, name: str, rows: Sequence[Row]
    ) -> None:
        totals = self.totals_of(name)
        if totals is not None:
            rows = merged(totals, rows)  # a statement may touch each row once
        if rows:
            await connection.execute(statement(self.projection.package, name), *_columns(rows))

    async def _copy(
        self, connection: asyncpg.Connection, table: Table, rows: Sequence[Row]
    ) -> None:
        await connection.copy_records_to_table(
            table.name, records=rows, columns=table.columns, schema_name=self.schema
        )


def _columns(rows: Collection[Row]) -> list[list[Any]]:
    """Rows turned into arrays, as ``unnest`` takes them; there is at least one row."""
    return [list(column) for column in zip(*rows, strict=True)]
