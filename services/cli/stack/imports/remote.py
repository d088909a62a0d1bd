"""Files that an API checks and imports: uploaded, and deleted there where nothing came of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from contracts.client import ProblemError
from services.cli.imports.options import Asked
from services.cli.imports.source import opened
from services.cli.stack.imports.port import CheckedFile, NotPermittedError
from services.cli.stack.imports.unread import UnreadFile
from services.cli.stack.imports.uploaded import UploadedFile
from services.cli.stack.session import NOT_FOUND, Session, first
from services.imports.first_look import look
from services.imports.problems import ImportFileError

if TYPE_CHECKING:
    from typing import BinaryIO

    from services.cli.stack.port import Stack

_FORBIDDEN = 403


class RemoteImports:
    """``Imports``."""

    def __init__(self, session: Session, stack: "Stack") -> None:
        self._session = session
        self._stack = stack

    @asynccontextmanager
    async def checked(self, wanted: Asked, operation: str) -> AsyncIterator[CheckedFile]:
        """Looked at here first: what is no table, or has passwords, is not sent."""
        await self._session.check(wanted.school)
        await self._check_permitted(wanted, operation)
        with opened(wanted.file) as stream:
            flaw = await asyncio.to_thread(_flaw, stream, wanted)
            if flaw is not None:
                yield UnreadFile(flaw)
                return
            file = UploadedFile(self._session.client, self._stack, wanted, operation)
            async with file.there(stream):
                yield file

    async def _check_permitted(self, wanted: Asked, operation: str) -> None:
        """Whether the token is good for all that is asked, before anything is sent.

        Raises:
            NotPermittedError: it is another user's, or lacks a scope, or its user may not import.
        """
        another, client = await self._session.of_another(wanted.actor), self._session.client
        if another is not None:
            raise NotPermittedError("not_permitted", another)
        try:
            await first(client.imports(limit=1), 1)
            if not wanted.check:
                await client.get_operation(operation)
        except ProblemError as error:
            if error.status == _FORBIDDEN:
                raise NotPermittedError(error.code, error.detail) from None
            if error.status != NOT_FOUND:
                raise


def _flaw(stream: "BinaryIO", wanted: Asked) -> ImportFileError | None:
    try:
        look(stream, wanted.reading)
    except ImportFileError as error:
        return error
    return None
