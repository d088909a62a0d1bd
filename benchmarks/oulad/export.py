"""The two files, by the command that anybody would use."""

import asyncio
from pathlib import Path

from services.runtime.children import command
from services.runtime.settings import Settings


class ExportError(Exception):
    """``coursemark export`` ended with another exit code than 0; it has said why."""


async def export(what: str, folder: Path, settings: Settings) -> Path:
    """Run ``coursemark export progress`` or ``activities`` into the folder; returns the file."""
    file = folder / f"{what}.csv"
    words = ("export", what, "--out", str(file))
    where = ("--kafka", settings.kafka, "--data", str(settings.data))
    process = await asyncio.create_subprocess_exec(*command(*words, *where))
    code = await process.wait()
    if code:
        raise ExportError(f"coursemark export {what} ended with {code}")
    return file
