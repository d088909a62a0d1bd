"""A person's document, to a file or to standard output."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from services.cli.output import say
from services.cli.running import database
from services.privacy.exporting import written
from services.privacy.who import Who
from services.runtime.settings import Settings


async def export(settings: Settings, who: Who, out: Path | None) -> None:
    """Write it; a file is there whole or not at all, and standard output may be read slowly.

    Raises:
        UnknownPersonError: there is nothing.
    """
    async with database(settings) as pool, written(pool, who) as document:
        with _opened(out) as file:
            shutil.copyfileobj(document, file)
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
