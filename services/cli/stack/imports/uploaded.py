"""A file at an API: sent, checked there, run there, deleted there.

Its id follows from the operation's and from all of the file: the same command after a lost answer
finds what it sent before, and the operation's id is the key of what is done.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any, BinaryIO
from uuid import NAMESPACE_URL, uuid5

from contracts.api.imports import ImportChoices, ImportRun, ImportShown, RunImport
from contracts.client import AsyncClient, ClientError, ProblemError, UnreachableError
from contracts.operations import OperationReported
from services.cli import errors
from services.cli.imports.options import Asked
from services.cli.operations.running import nothing_twice, sent, watched
from services.cli.operations.sending import RefusedError, UnansweredError
from services.cli.operations.watching import NothingMovesError, how_to_watch
from services.cli.output import say
from services.cli.running import bar
from services.cli.stack.imports.port import DirectoryBehindError, Found, users_written
from services.cli.stack.session import NOT_FOUND, PAGE
from services.imports.kept.wording import for_command_line
from services.imports.ledger import Counts
from services.imports.problems import Problem
from services.runtime.embedded.waiting import until

if TYPE_CHECKING:
    from services.cli.stack.port import Stack

SLOWEST = 100_000
"""Bytes a second that an API checks at the least, others' files before ours included."""
REMOVING_SECONDS = 10.0
_PIECE = 1_000_000
_FAULT = 500


class UploadedFile:
    """A ``CheckedFile``, between ``there`` and its end.

    ``_ours``: the API has it, or may have it, for nothing but what we asked for: it is to be
    deleted.
    """

    def __init__(self, client: AsyncClient, stack: "Stack", wanted: Asked, operation: str) -> None:
        self._client = client
        self._stack = stack
        self._wanted = wanted
        self._operation = operation
        self._id = ""
        self._size = 0
        self._ours = False
        self.found = Found(0, 0, Counts(*[0] * len(Counts._fields)), {}, unusable=True)

    @asynccontextmanager
    async def there(self, stream: BinaryIO) -> AsyncIterator[None]:
        """While it is at the API, checked.

        Raises:
            ClientError: the API does not take it.
            NothingMovesError: it is not checked in time.
        """
        try:
            await self._upload(stream)
            yield
        finally:
            if self._ours:
                await _to_its_end(self._remove())

    async def problems(self) -> AsyncIterator[Problem]:
        """Page by page."""
        async for it in self._client.problems_of_import(self._id, limit=PAGE):
            told = for_command_line(it.problem)
            yield Problem(it.line, it.column, it.code, told, it.whole_file, it.harmless)

    async def carry_out(self) -> OperationReported:
        """As a run of the import."""
        wanted, how, real = self._wanted, self._wanted.how, not self._wanted.how.dry_run
        try:
            await self._run()
            run = await self._sent()
            if run.users:
                say(users_written(run.users))
            await self._begun()
        except asyncio.CancelledError:
            if real and not self._ours:
                how_to_watch(wanted.school, self._operation)
            raise
        except UnreachableError:
            if real:
                say(f"Whether it was taken is not known. {nothing_twice(self._operation)}")
            raise
        if not how.wait and real:
            return await self._stack.report(wanted.school, self._operation)
        if real:
            say(sent(self._operation, run.parts or 1))
        return await watched(self._stack, wanted.school, self._operation, how)

    async def _upload(self, stream: BinaryIO) -> None:
        choices = _choices(self._wanted)
        self._id = await asyncio.to_thread(self._name, stream, choices)
        self._size = stream.tell()
        self._ours = True
        with bar("lines checked") as advance:
            try:
                await self._client.upload_import(stream, choices, key=self._id)
            except ProblemError:
                self._ours = False
                raise
            shown = await self._once(lambda it: it.state == "checked")
            if shown.counts is not None:
                advance(shown.counts.lines)
        done = any(not it.dry_run and it.state != "refused" for it in shown.runs)
        self._ours = shown.file_kept and not done
        self.found = _found(shown)

    def _name(self, stream: BinaryIO, choices: ImportChoices) -> str:
        """The import's id; leaves the stream at its end."""
        content = sha256()
        stream.seek(0)
        while piece := stream.read(_PIECE):
            content.update(piece)
        what = "check" if self._wanted.check else f"dry_run={self._wanted.how.dry_run}"
        said = f"{self._operation}/{what}/{content.hexdigest()}/{choices.to_json().decode()}"
        return str(uuid5(NAMESPACE_URL, f"coursemark:import:{said}"))

    async def _run(self) -> None:
        """Ask for it; from then on a file that is imported is the API's to delete."""
        wanted, how = self._wanted, self._wanted.how
        asked = RunImport(
            send_completion_email=bool(wanted.email),
            skip_invalid=wanted.skip_invalid,
            dry_run=how.dry_run,
            start_at=wanted.start_at,  # type: ignore[arg-type]  # a text of it is one
        )
        ours, self._ours = self._ours, self._ours and how.dry_run
        try:
            await self._client.run_import(self._id, asked, key=self._operation)
        except ProblemError as error:
            self._ours = ours and error.status < _FAULT
            raise

    async def _sent(self) -> ImportRun:
        """The run, once its parts are sent.

        Raises:
            CommandError: it was refused.
        """
        return self._taken(await self._once(lambda it: _run(it, self._operation).state != "asked"))

    async def _begun(self) -> None:
        """Wait until the operation is known.

        Raises:
            CommandError: its first part was refused, or is not answered.
        """
        school, seconds = self._wanted.school, self._wanted.how.timeout

        async def begun() -> bool:
            self._taken(await self._client.get_import(self._id))
            return bool(await self._stack.reports(school, [self._operation]))

        if not await until(begun, within=seconds, every=self._stack.look_seconds):
            raise UnansweredError(
                f"No result came within {seconds:g} s; see `coursemark doctor`. "
                f"{nothing_twice(self._operation)}"
            )

    def _taken(self, shown: ImportShown) -> ImportRun:
        """The run, which was not refused."""
        run = _run(shown, self._operation)
        if run.state != "refused":
            return run
        self._ours = shown.file_kept
        said, code = for_command_line(run.message or "It was refused."), run.code or "rejected"
        if code == DirectoryBehindError.code:
            raise DirectoryBehindError(said)
        parts = run.parts or 1
        raise RefusedError(code, said if parts == 1 else f"Part 1 of {parts:,}: {said}")

    async def _once(self, so: Callable[[ImportShown], bool]) -> ImportShown:
        """The import, once it is so."""
        shown: ImportShown | None = None

        async def is_so() -> bool:
            nonlocal shown
            shown = await self._client.get_import(self._id)
            return so(shown)

        seconds = self._wanted.how.timeout + self._size / SLOWEST
        if not await until(is_so, within=seconds, every=self._stack.look_seconds) or shown is None:
            raise NothingMovesError(
                f"The API has not read the file within {seconds:.0f} s: check that the part "
                f"operations runs there. {nothing_twice(self._operation)}"
            )
        return shown

    async def _remove(self) -> None:
        """Delete it, or say that it is there."""
        try:
            async with asyncio.timeout(REMOVING_SECONDS):
                await self._client.remove_import(self._id)
        except ProblemError as error:
            if error.status != NOT_FOUND:
                self._say_left(errors.explain(error).sentence)
        except (ClientError, TimeoutError) as error:
            self._say_left(str(error) or "It could not be deleted in time: it may be under way.")

    def _say_left(self, why: str) -> None:
        say(
            f"The file may still be at the API, which deletes it after a day; its import is "
            f"{self._id}. {why}"
        )


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Also where Ctrl-C comes first; it has an end of its own."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _choices(wanted: Asked) -> ImportChoices:
    choices, reading = wanted.choices, wanted.reading
    return ImportChoices(
        encoding=reading.encoding,
        delimiter=reading.delimiter,
        sheet=reading.sheet,
        dates=choices.dates,
        timezone=choices.zone.key,
        complete=choices.complete,
        enroll=choices.enroll,
        create_users=choices.create_users,
        add_tags=choices.add_tags,
        ignore_columns=choices.ignore_columns,
        reason=choices.reason,
        note=choices.note,
    )


def _found(shown: ImportShown) -> Found:
    told = shown.counts
    if told is None:
        raise ValueError("it is not checked")
    counts = Counts(*(getattr(told, name) for name in Counts._fields))
    return Found(told.lines, told.tags_left, counts, shown.problems, unusable=told.unusable)


def _run(shown: ImportShown, operation: str) -> ImportRun:
    [run] = [it for it in shown.runs if it.operation == operation]
    return run
