"""Without a mail server: each e-mail a file in a folder, for development."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from services.mailer.transport import TAKEN, Letter, Outcome


class FileTransport:
    """Writes ``<mail id>.eml``; a file is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def prepare(self) -> Outcome | None:
        """The folder is made where it is missing."""
        try:
            await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        except OSError as error:
            return Outcome("later", "folder_not_writable", error.strerror)
        return None

    async def deliver(self, letter: Letter) -> Outcome:
        """Write it; only the owner can read it."""
        try:
            await asyncio.to_thread(self._write, letter)
        except OSError as error:
            return Outcome("later", "folder_not_writable", error.strerror)
        return TAKEN

    async def close(self) -> None:
        """Nothing is held."""

    def _write(self, letter: Letter) -> None:
        made = self._folder / f".{letter.id}.{os.getpid()}"
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(letter.data)
            file.flush()
            os.fsync(file.fileno())
        made.replace(self._folder / f"{letter.id}.eml")


async def remove(folder: Path, ids: Sequence[str]) -> int:
    """Remove these e-mails' files, whole or left behind in the making; returns how many."""
    return await asyncio.to_thread(_remove, folder, frozenset(ids))


def _remove(folder: Path, ids: frozenset[str]) -> int:
    if not ids or not folder.is_dir():
        return 0
    found = [file for file in folder.iterdir() if file.name.lstrip(".").split(".")[0] in ids]
    for file in found:
        file.unlink(missing_ok=True)
    return len(found)
