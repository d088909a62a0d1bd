"""A file at an API: sent, checked there, run there, deleted there.

Its id follows from the operation's and from all of the file: the same command after a lost answer
finds what it sent before, and the operation's id is the key of what is done.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, BinaryIO

from contracts.api.imports import ImportRun, ImportShown, RunImport
from contracts.client import AsyncClient, ClientError
from contracts.operations import OperationReported
from services.cli.imports.options import Asked
from services.cli.operations.running import nothing_twice, sent, watched
from services.cli.operations.sending import RefusedError, UnansweredError
from services.cli.operations.watching import how_to_watch
from services.cli.output import say
from services.cli.running import bar
from services.cli.stack.imports.arriving import ArrivingFile
from services.cli.stack.imports.naming import choices_of, named
from services.cli.stack.imports.port import DirectoryBehindError, Found, users_written
from services.cli.stack.session import PAGE, may_be_done
from services.imports.kept.wording import for_command_line
from services.imports.ledger import Counts
from services.imports.problems import Problem
from services.runtime.embedded.waiting import until

if TYPE_CHECKING:
    from services.cli.stack.port import Stack


class UploadedFile:
    """A ``CheckedFile``, between ``there`` and its end."""

    def __init__(self, client: AsyncClient, stack: "Stack", wanted: Asked, operation: str) -> None:
        self._client = client
        self._stack = stack
        self._wanted = wanted
        self._operation = operation
        self._taken = False
        self._file = ArrivingFile(client, operation, wanted.how.timeout, stack.look_seconds)
        self.found = Found(0, 0, Counts(*[0] * len(Counts._fields)), {}, unusable=True)

    @asynccontextmanager
    async def there(self, stream: BinaryIO) -> AsyncIterator[None]:
        """While it is at the API, checked.

        Raises:
            ClientError: the API does not take it.
            NothingMovesError: it is not checked in time.
        """
        choices = choices_of(self._wanted)
        name = await asyncio.to_thread(named, stream, self._wanted, self._operation, choices)
        async with AsyncExitStack() as ending:
            with bar("lines checked") as advance:
                shown = await ending.enter_async_context(self._file.there(stream, name, choices))
                self.found = _found(shown)
                advance(self.found.lines)
            yield

    async def problems(self) -> AsyncIterator[Problem]:
        """Page by page."""
        async for it in self._client.problems_of_import(self._file.id, limit=PAGE):
            told = for_command_line(it.problem)
            yield Problem(it.line, it.column, it.code, told, it.whole_file, it.harmless)

    async def carry_out(self) -> OperationReported:
        """As a run of the import."""
        wanted, how, real = self._wanted, self._wanted.how, not self._wanted.how.dry_run
        with self._named(real=real):
            await self._run()
            run = await self._sent()
            if run.users:
                say(users_written(run.users))
            await self._begun()
            if not how.wait and real:
                return await self._stack.report(wanted.school, self._operation)
        if real:
            say(sent(self._operation, run.parts or 1))
        return await watched(self._stack, wanted.school, self._operation, how)

    @contextmanager
    def _named(self, *, real: bool) -> Iterator[None]:
        """Where an import is broken off that may have begun, say which one it is."""
        school, operation = self._wanted.school, self._operation
        try:
            yield
        except asyncio.CancelledError:
            if real:
                how_to_watch(school, operation, begun=self._taken)
            raise
        except ClientError as error:
            if real and (self._taken or may_be_done(error)):
                say(f"The operation {operation} may have begun. {nothing_twice(operation)}")
            raise

    async def _run(self) -> None:
        """Ask for it; from then on a file that is imported is the API's to delete."""
        wanted, how = self._wanted, self._wanted.how
        asked = RunImport(
            send_completion_email=bool(wanted.email),
            skip_invalid=wanted.skip_invalid,
            dry_run=how.dry_run,
            start_at=wanted.start_at,  # type: ignore[arg-type]  # a text of it is one
        )
        ours, self._file.ours = self._file.ours, self._file.ours and how.dry_run
        try:
            await self._client.run_import(self._file.id, asked, key=self._operation)
        except ClientError as error:
            self._file.ours = ours and (how.dry_run or not may_be_done(error))
            raise
        self._taken = True

    async def _sent(self) -> ImportRun:
        """The run, once its parts are sent.

        Raises:
            CommandError: it was refused.
        """
        shown = await self._file.once(lambda it: _run(it, self._operation).state != "asked")
        return self._not_refused(shown)

    async def _begun(self) -> None:
        """Wait until the operation is known.

        Raises:
            CommandError: its first part was refused, or is not answered.
        """
        school, seconds = self._wanted.school, self._wanted.how.timeout

        async def begun() -> bool:
            self._not_refused(await self._client.get_import(self._file.id))
            return bool(await self._stack.reports(school, [self._operation]))

        if not await until(begun, within=seconds, every=self._stack.look_seconds):
            raise UnansweredError(
                f"No result came within {seconds:g} s; see `coursemark doctor`. "
                f"{nothing_twice(self._operation)}"
            )

    def _not_refused(self, shown: ImportShown) -> ImportRun:
        run = _run(shown, self._operation)
        if run.state != "refused":
            return run
        self._file.ours = shown.file_kept
        said, code = for_command_line(run.message or "It was refused."), run.code or "rejected"
        if code == DirectoryBehindError.code:
            raise DirectoryBehindError(said)
        parts = run.parts or 1
        raise RefusedError(code, said if parts == 1 else f"Part 1 of {parts:,}: {said}")


def _found(shown: ImportShown) -> Found:
    told = shown.counts
    if told is None:
        raise ValueError("it is not checked")
    counts = Counts(*(getattr(told, name) for name in Counts._fields))
    return Found(told.lines, told.tags_left, counts, shown.problems, unusable=told.unusable)


def _run(shown: ImportShown, operation: str) -> ImportRun:
    [run] = [it for it in shown.runs if it.operation == operation]
    return run
