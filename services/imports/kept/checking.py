"""A kept file read into a ledger, and what was found written beside it.

Reading keeps a processor busy for seconds or minutes: it is done in a thread, with a loop and
connections of its own.
"""

import asyncio
import tempfile
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from itertools import islice
from typing import BinaryIO
from zoneinfo import ZoneInfo

import asyncpg

from contracts.api.imports import ImportCounts
from services.imports.checking import Checked, check_file
from services.imports.entries import Choices
from services.imports.kept import keeping
from services.imports.kept.keeping import PROBLEMS, Kept
from services.imports.kept.sql import query
from services.imports.kept.wording import GONE, for_http
from services.imports.ledger import Ledger
from services.imports.problems import ImportFileError, Problem
from services.imports.table import Reading
from services.store.log import EventLog

TRIES = 3
"""Processes that may die of a file."""
_UNREADABLE = "Reading the file went wrong again and again; save it anew."

Connections = Callable[[], AbstractAsyncContextManager[asyncpg.Pool]]


class StoppedError(Exception):
    """The part is to end; the file is read again by who comes next."""


class Checking:
    """``connections`` opens those of a thread."""

    def __init__(
        self, pool: asyncpg.Pool, connections: Connections, clock: Callable[[], datetime]
    ) -> None:
        self._pool = pool
        self._connections = connections
        self._clock = clock

    async def read(self, kept: Kept, ledger: Ledger, tries: int, stop: asyncio.Event) -> Checked:
        """All of the file into the ledger, whatever it is; ``tries``: with this one.

        Raises:
            StoppedError: ``stop`` was set.
        """
        if kept.upload is None:
            return _unread(ledger, "file_gone", GONE)
        if tries > TRIES:
            return _unread(ledger, "not_readable", _UNREADABLE)
        with tempfile.TemporaryFile() as file:
            if await keeping.fetch(self._pool, kept.upload, file) != kept.size:
                return _unread(ledger, "file_gone", GONE)
            return await asyncio.to_thread(self._in_thread, kept, file, ledger, stop)

    def _in_thread(
        self, kept: Kept, file: BinaryIO, ledger: Ledger, stop: asyncio.Event
    ) -> Checked:
        def advance(_: int) -> None:
            if stop.is_set():
                raise StoppedError

        async def checked() -> Checked:
            async with self._connections() as pool:
                choices, asked = choices_of(kept, self._clock()), kept.choices
                reading = Reading(asked.encoding, asked.delimiter, asked.sheet)
                return await check_file(EventLog(pool), file, reading, choices, ledger, advance)

        return asyncio.run(checked())

    async def write(self, kept: Kept, ledger: Ledger, checked: Checked) -> None:
        """What was found, in place of what there was."""
        place = kept.school, kept.id
        await keeping.forget_problems(self._pool, *place)
        numbered = enumerate(ledger.problems(), 1)
        while some := list(islice(numbered, PROBLEMS)):
            rows = [(number, *_told(it)) for number, it in some]
            columns = map(list, zip(*rows, strict=True))
            await self._pool.execute(query("problems_put"), *place, *columns)
        counts = ImportCounts(
            lines=checked.lines,
            tags_left=checked.tags_left,
            unusable=ledger.unusable(),
            **ledger.counts()._asdict(),
        )
        now = self._clock()
        await self._pool.execute(query("checked"), *place, counts.to_json().decode(), now)


def choices_of(kept: Kept, now: datetime) -> Choices:
    """What the lines are taken for."""
    asked = kept.choices
    return Choices(
        school=kept.school,
        now=now,
        zone=ZoneInfo(asked.timezone),
        dates=asked.dates,
        complete=asked.complete,
        enroll=asked.enroll,
        create_users=asked.create_users,
        add_tags=asked.add_tags,
        ignore_columns=asked.ignore_columns,
        reason=asked.reason,
        note=asked.note,
    )


def _unread(ledger: Ledger, code: str, sentence: str) -> Checked:
    ledger.put(problems=[ImportFileError(code, sentence).problem])
    ledger.settle(None)
    return Checked(0, 0)


def _told(problem: Problem) -> Problem:
    return problem._replace(message=for_http(problem.message))
