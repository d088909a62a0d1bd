"""A person's document, to a file or to standard output."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO

import typer

from services.cli.output import say
from services.cli.stack.opening import opened
from services.privacy.who import Who
from services.runtime.settings import Settings


async def export(settings: Settings, who: Who, out: Path | None) -> None:
    """Write it; a file is there whole or not at all, and standard output may be read slowly.

    Raises:
        UnknownPersonError: there is nothing.
        BadParameter: no file can be made there.
    """
    async with opened(settings) as stack, stack.privacy.exported(who) as document:
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
    descriptor, made = _beside(out)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        made.replace(out)
    finally:
        made.unlink(missing_ok=True)


def _beside(out: Path) -> tuple[int, Path]:
    """A new file that only its maker can read, open for writing."""
    try:
        descriptor, name = mkstemp(dir=out.parent, prefix=f".{out.name}.")
    except OSError as error:
        raise typer.BadParameter(f"{out}: {error.strerror}.", param_hint="--out") from None
    return descriptor, Path(name)
