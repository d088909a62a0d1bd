"""A person's document, to a file or to standard output."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from services.cli.output import say
from services.cli.running import database
from services.privacy.exporting import exporting
from services.privacy.who import Who
from services.runtime.settings import Settings


async def export(settings: Settings, who: Who, out: Path | None) -> None:
    """Write it as it is read; a file is there whole or not at all.

    Raises:
        UnknownPersonError: there is nothing.
    """
    async with database(settings) as pool, exporting(pool, who) as document:
        with _opened(out) as file:
            async for piece in document.pieces():
                file.write(piece)
    if out is not None:
        say(f"All that is held of {who.user} of {who.school} is in {out}.")


@contextmanager
def _opened(out: Path | None) -> Iterator[BinaryIO]:
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    made = out.with_name(f".{out.name}.{os.getpid()}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        made.replace(out)
    finally:
        made.unlink(missing_ok=True)
