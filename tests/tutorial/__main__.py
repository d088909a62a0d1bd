"""``python -m tests.tutorial``: the tutorial by a newcomer, from a fresh clone to its last line.

What is committed is cloned into an empty folder. There each block of docs/tutorial/first-steps.md
runs as it stands, in a terminal that knows nothing of this checkout, and is held against what the
page shows. Exit code 1 where a block prints something else.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.pages.blocks import Block, blocks, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
PAGE = Path("docs/tutorial/first-steps.md")
UP = "coursemark up\n"
INSTALL_SECONDS = 900
SECONDS = 180
_PROMPT = "$ "


def say(text: str) -> None:
    """A line, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def newcomer(home: Path, clone: Path) -> dict[str, str]:
    """A terminal with Python 3.11, make, git and curl, and the clone's environment on its path."""
    python = Path(sys.executable).resolve().parent
    kept = {name: it for name, it in os.environ.items() if name.startswith("PIP_")}
    path = f"{clone}/.venv/bin:{python}:/usr/local/bin:/usr/bin:/bin"
    return kept | {"HOME": str(home), "PATH": path, "LANG": "C.UTF-8", "COLUMNS": "200"}


def install(page: str, clone: Path, variables: Mapping[str, str]) -> None:
    """The block of the installation, all but the line that sets the path."""
    [block] = blocks(page, "console")
    for line in block.commands.splitlines():
        command = line.removeprefix(_PROMPT)
        if command.startswith("export PATH="):
            continue
        began = time.monotonic()
        code = subprocess.run(
            ["bash", "-c", command],
            cwd=clone,
            env=dict(variables),
            check=False,
            stdout=subprocess.DEVNULL,
            timeout=INSTALL_SECONDS,
        ).returncode
        if code:
            sys.exit(f"{command} ended with exit code {code}.")
        say(f"$ {command}\n  {time.monotonic() - began:.0f} s")


@contextmanager
def running(clone: Path, variables: Mapping[str, str]) -> Iterator[None]:
    """``coursemark up`` in a terminal of its own, until Ctrl-C."""
    began = time.monotonic()
    with subprocess.Popen(
        UP.split(), cwd=clone, env=dict(variables), stdout=subprocess.PIPE, text=True
    ) as up:
        assert up.stdout is not None
        if not any(line.startswith("Ready") for line in up.stdout):
            sys.exit("coursemark up was never ready.")
        say(f"$ coursemark up\n  ready after {time.monotonic() - began:.0f} s")
        try:
            yield
        finally:
            up.send_signal(signal.SIGINT)
            said = up.stdout.read()
        if up.wait(60) or "Stopped." not in said:
            sys.exit("coursemark up did not stop in good order.")


def tell(told: list[Block], clone: Path, variables: Mapping[str, str]) -> int:
    """Run the blocks, say what was not as the page says; returns how many."""
    began = time.monotonic()
    wrong = run(told, clone, variables, SECONDS)
    for block, output in wrong:
        say(f"\n  wanted, of\n{block.commands}\n{block.prints}\n  printed\n{output}")
    held = sum(block.prints is not None for block in told)
    say(
        f"{len(told)} blocks, {held} outputs held against the page, {len(wrong)} wrong, "
        f"{time.monotonic() - began:.0f} s"
    )
    return len(wrong)


def main() -> int:
    """All of it; returns the exit code."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="coursemark-newcomer-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another user where this one is root
        home, clone = Path(folder) / "home", Path(folder) / "coursemark"
        home.mkdir()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        page, variables = (clone / PAGE).read_text("utf-8"), newcomer(home, clone)
        install(page, clone, variables)
        first, *rest = blocks(page, "sh")
        assert first.commands == UP
        with running(clone, variables):
            wrong = tell(rest, clone, variables)
    say(f"{(time.monotonic() - began) / 60:.1f} min from the clone to the end (goal: 10)")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
