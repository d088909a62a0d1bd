"""``python -m tests.pages``: every how-to page with runnable blocks, run as it stands.

One Coursemark for all; for each page a school of its own. Exit code 1 where a block prints
something else than its page says.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.pages.playing import FOLDER, Played, pages, play
from tests.support.command_line import up
from tests.support.servers import server_folder


def tell(played: Played) -> None:
    """A line, and what was wrong."""
    sys.stdout.write(f"{played.line}\n")
    for block, output in played.wrong:
        sys.stdout.write(f"\n  wanted, of\n{block.commands}\n{block.prints}\n  printed\n{output}\n")
    sys.stdout.flush()


async def run(names: list[str]) -> int:
    """Play these pages, or all; returns how many were wrong."""
    began = time.monotonic()
    wanted = [FOLDER / name for name in names] or pages()
    wrong = 0
    with server_folder() as data, tempfile.TemporaryDirectory() as folder:
        async with up(data):
            for page in wanted:
                played = await asyncio.to_thread(play, page, data, Path(folder) / page.stem)
                tell(played)
                wrong += bool(played.wrong)
    seconds = time.monotonic() - began
    sys.stdout.write(
        f"{len(wanted)} pages, {wrong} wrong, {seconds:.0f} s with the servers' start\n"
    )
    return wrong


if __name__ == "__main__":
    sys.exit(1 if asyncio.run(run(sys.argv[1:])) else 0)
