"""A file on its way to an API, checked there, and deleted there where nothing came of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, BinaryIO

from contracts.api.imports import ImportChoices, ImportShown
from contracts.client import AsyncClient, ClientError, ProblemError
from services.cli import errors
from services.cli.operations.running import nothing_twice
from services.cli.operations.watching import NothingMovesError
from services.cli.output import say
from services.cli.stack.imports.naming import Named
from services.cli.stack.session import NOT_FOUND, may_be_done
from services.runtime.embedded.waiting import until

SLOWEST = 100_000
"""Bytes a second that an API checks at the least, others' files before ours included."""
REMOVING_SECONDS = 10.0
ARRIVING_SECONDS = 3.0
"""So long a file may still turn up at the API of which no answer came."""


class ArrivingFile:
    """A file between ``there`` and its end.

    ``ours``: the API has it, or may have it, for nothing but what we asked for: it is to be
    deleted. ``seconds``: how long nothing may move.
    """

    def __init__(self, client: AsyncClient, operation: str, seconds: float, look: float) -> None:
        self.id = ""
        self.ours = False
        self._client = client
        self._operation = operation
        self._seconds = seconds
        self._look = look
        self._size = 0
        self._arrived = False

    @asynccontextmanager
    async def there(
        self, stream: BinaryIO, named: Named, choices: ImportChoices
    ) -> AsyncIterator[ImportShown]:
        """While it is at the API; how it is there, checked.

        Raises:
            ClientError: the API does not take it.
            NothingMovesError: it is not checked in time.
        """
        self.id, self._size = named
        try:
            shown = await self._checked(stream, choices)
            if not shown.file_kept and all(it.state == "refused" for it in shown.runs):
                await self._gone()  # deleted before anything came of it: sent once more
                shown = await self._checked(stream, choices)
            done = any(not it.dry_run and it.state != "refused" for it in shown.runs)
            self.ours = shown.file_kept and not done
            yield shown
        finally:
            if self.ours:
                await _to_its_end(self._remove())

    async def once(self, so: Callable[[ImportShown], bool]) -> ImportShown:
        """The import, once it is so.

        Raises:
            NothingMovesError: it is not, in time.
        """
        shown: ImportShown | None = None

        async def is_so() -> bool:
            nonlocal shown
            shown = await self._client.get_import(self.id)
            return so(shown)

        seconds = self._seconds + self._size / SLOWEST
        if not await until(is_so, within=seconds, every=self._look) or shown is None:
            raise NothingMovesError(
                f"The API has not read the file within {seconds:.0f} s: check that the part "
                f"operations runs there. {nothing_twice(self._operation)}"
            )
        return shown

    async def _checked(self, stream: BinaryIO, choices: ImportChoices) -> ImportShown:
        self.ours, self._arrived = True, False
        try:
            await self._client.upload_import(stream, choices, key=self.id)
        except ClientError as error:
            self.ours = may_be_done(error)
            raise
        self._arrived = True
        return await self.once(lambda it: it.state == "checked")

    async def _gone(self) -> bool:
        """Delete it; whether that is all: one of which no answer came may be kept yet."""
        try:
            await self._client.remove_import(self.id)
        except ProblemError as error:
            if error.status != NOT_FOUND:
                raise
            return self._arrived
        return True

    async def _remove(self) -> None:
        """Delete it, or say that it is there."""
        try:
            async with asyncio.timeout(REMOVING_SECONDS):
                if not await until(self._gone, within=ARRIVING_SECONDS, every=self._look):
                    self._say_left("No answer said that it came, and it is not there yet.")
        except ProblemError as error:
            self._say_left(errors.explain(error).sentence)
        except (ClientError, TimeoutError) as error:
            self._say_left(str(error) or "It could not be deleted in time: it may be under way.")

    def _say_left(self, why: str) -> None:
        say(
            f"The file may still be at the API, which deletes it after a day; its import is "
            f"{self.id}. {why}"
        )


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Also where Ctrl-C comes first; it has an end of its own."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
