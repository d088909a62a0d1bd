"""Everything about a person in one JSON document, read in one snapshot, written as it is read.

The same data give the same bytes: lists have an order, fields too, and nothing says when it was
made. Memory stays flat but for one course. Ids are as they are; instants are in UTC.
"""

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, BinaryIO

import asyncpg
import orjson

from contracts import topics, upcasters
from services.privacy.holdings import holdings
from services.privacy.sql import query
from services.privacy.who import UnknownPersonError, Who
from services.store.erasures import erasure_of
from services.store.people import people
from services.store.sql import query as stored
from services.views.programs import ProgramsView
from services.views.progress import ProgressView

FORMAT = "coursemark.person.v1"
"""Fields are only added within a version."""
PAGE = 500
"""Rows that are held at a time."""


class Export:
    """Reads through one connection, in one snapshot.

    What they changed over HTTP or were refused, with network addresses, is in the audit log
    instead: see ``coursemark audit SCHOOL --actor USER``.
    """

    def __init__(self, connection: asyncpg.Connection, who: Who) -> None:
        self._connection = connection
        self._who = who
        self._progress = ProgressView(connection)

    async def pieces(self) -> AsyncIterator[bytes]:
        """The document, a line for each thing in a list.

        Raises:
            UnknownPersonError: there is nothing, and nobody was erased under the id.
        """
        head = await self._head()
        yield b"{\n" + b",\n".join(_member(name, value) for name, value in head.items())
        lists = {
            "courses": self._courses(),
            "programs": self._programs(),
            "events": self._events(),
            "results": self._results(),
            "mails": self._rows("mails"),
            "deliveries": self._rows("deliveries"),
            "operation_rows": self._rows("operation_rows"),
            "operations_begun": self._rows("operations_begun"),
        }
        for name, items in lists.items():
            yield b",\n" + _json(name) + b": ["
            before = b"\n"
            async for item in items:
                yield before + _json(item)
                before = b",\n"
            yield b"\n]"
        yield b"\n}\n"

    async def _head(self) -> dict[str, Any]:
        erasure = await erasure_of(self._connection, *self._who)
        if erasure is None and (await holdings(self._connection, self._who)).nothing:
            raise UnknownPersonError(self._who)
        school, user = self._who
        person = (await people(self._connection, school, [user])).get(user)
        suppressed = await self._connection.fetchrow(query("suppression"), *self._who)
        return {
            "format": FORMAT,
            "school": school,
            "user": user,
            "erasure": erasure and erasure._asdict(),
            "directory": person and person._asdict(),
            "mail_suppressed": suppressed and dict(suppressed),
        }

    async def _courses(self) -> AsyncIterator[Mapping[str, Any]]:
        """Where they stand in each course, and every attempt before."""
        for line in await self._progress.course_rows(*self._who):
            of = *self._who, line.course
            attempts = [
                attempt._asdict()
                | {
                    "activities": [
                        it._asdict()
                        for it in await self._progress.attempt_activities(*of, attempt.attempt)
                    ]
                }
                for attempt in await self._progress.attempts(*of)
            ]
            activities = [it._asdict() for it in await self._progress.activity_rows(*of)]
            yield line._asdict() | {"activities": activities, "attempts": attempts}

    async def _programs(self) -> AsyncIterator[Mapping[str, Any]]:
        for it in await ProgramsView(self._connection).of_learner(*self._who):
            yield it._asdict()

    async def _events(self) -> AsyncIterator[Mapping[str, Any]]:
        """As they go out on Kafka, programmes and warnings among them; stream by stream."""
        sql = stored("events_of_person")
        async for row in self._connection.cursor(sql, *self._who, prefetch=PAGE):
            type_, data = upcasters.upcast(row["topic"], row["state"])
            id_ = topics.event_id(row["originator_id"], row["originator_version"])
            yield {"id": id_, "type": type_, "data": orjson.Fragment(data)}

    async def _results(self) -> AsyncIterator[Mapping[str, Any]]:
        """What their commands were answered; found by the id's bytes, then read."""
        school, user = self._who
        cursor = self._connection.cursor(query("results"), school, _json(user), prefetch=PAGE)
        async for row in cursor:
            if orjson.loads(row["result"]).get("learner") == user:
                yield {**row, "result": orjson.Fragment(row["result"])}

    async def _rows(self, name: str) -> AsyncIterator[Mapping[str, Any]]:
        async for row in self._connection.cursor(query(name), *self._who, prefetch=PAGE):
            yield {column: _value(column, value) for column, value in row.items()}


_AS_JSON = frozenset({"notice", "body", "input", "details"})
"""Columns that hold JSON."""


def _value(column: str, value: Any) -> Any:
    return orjson.Fragment(value) if column in _AS_JSON else value


def _member(name: str, value: Any) -> bytes:
    return _json(name) + b": " + _json(value)


def _json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


@asynccontextmanager
async def exporting(pool: asyncpg.Pool, who: Who) -> AsyncIterator[Export]:
    """An export of one moment."""
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        yield Export(connection, who)


@asynccontextmanager
async def written(pool: asyncpg.Pool, who: Who) -> AsyncIterator[BinaryIO]:
    """The whole document, in a file without a name that is there as long as this is.

    No snapshot is held any more: it may be read as slowly as one likes.

    Raises:
        UnknownPersonError: there is nothing, and nobody was erased under the id.
    """
    with tempfile.TemporaryFile() as file:
        async with exporting(pool, who) as export:
            async for piece in export.pieces():
                file.write(piece)
        file.seek(0)
        yield file
