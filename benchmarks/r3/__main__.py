"""``python -m benchmarks.r3`` starts Coursemark in a folder of its own and prints the table.

Everything goes the way that anybody's messages go: commands over Kafka, questions by
``coursemark``. Exit code 1 where the reset touched what R3 names, or left what R2 names.
"""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

import uvloop
from rich.console import Console

from benchmarks.oulad.stack import Deaths, running
from benchmarks.r3.looking import BehindError, Seen, look, table
from services.runtime.children import command
from services.runtime.embedded.server import ServerError
from services.runtime.settings import Settings

SCHOOL = "college"


async def see(data: Path) -> list[Seen]:
    """Start all of it, look, reset, look again."""

    def run(*words: str, stdin: str = "") -> str:
        asked = [*command(*words), "--data", str(data)]
        return subprocess.run(
            asked, input=stdin, stdout=subprocess.PIPE, text=True, check=True
        ).stdout

    async with running(Settings(_env_file=None, data=data), Deaths()):
        return await asyncio.to_thread(look, run, SCHOOL)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="coursemark-r3-") as folder:
        try:
            seen = uvloop.run(see(Path(folder)))
        except (BehindError, ServerError, subprocess.CalledProcessError) as error:
            sys.exit(str(error))
    console = Console()
    Console(width=None if console.is_terminal else 150).print(table(seen))
    if not all(it.as_it_should_be for it in seen):
        sys.exit("A reset must leave what R3 names, and change what R2 names.")


if __name__ == "__main__":
    main()
