"""Commands that stand in a page, run as they stand there, and held against what it says of them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NEXT = "---- the next block ----"


class Block(NamedTuple):
    """Commands, and what they print where the page shows it; … stands for anything."""

    commands: str
    prints: str | None


class Wrong(NamedTuple):
    """A block that did not print what its page says, and what it printed instead."""

    block: Block
    output: str


def blocks(page: str, language: str, output: str = "text") -> list[Block]:
    """The blocks of a language, each with the block of output that follows at once, if any."""
    shape = rf"```{language}\n(.*?)```\n(?:\n```(?:{output})\n(.*?)```)?"
    found = re.findall(shape, page, flags=re.DOTALL)
    return [Block(commands, prints or None) for commands, prints in found]


def pattern(prints: str) -> str:
    """White space is as it may be: columns are as wide as what stands in them."""
    parts = [r"\s+".join(map(re.escape, part.split())) for part in prints.split("…")]
    return r"\s*" + r".*?".join(rf"{part}\s*" for part in parts)


def environment(home: Path, data: Path) -> dict[str, str]:
    """Of a terminal in which ``coursemark`` is found and reaches what runs in ``data``."""
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(home),
        "COURSEMARK_DATA": str(data),
    }


def run(
    told: Sequence[Block], folder: Path, variables: Mapping[str, str], seconds: float
) -> list[Wrong]:
    """Run them in order, in one bash; returns those whose output is not what the page says.

    A block that shows no output may print anything. A bash that is ended by a block, or by the
    clock, leaves the rest of them wrong.
    """
    script = "".join(f"{block.commands}\necho '{NEXT}'\n" for block in told)
    try:
        done = subprocess.run(
            ["bash", "-c", f"exec 2>&1\n{script}"],
            cwd=folder,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        ).stdout
    except subprocess.TimeoutExpired as late:
        done = (late.stdout or b"").decode("utf-8", "replace")
    printed = done.split(NEXT)
    printed[-1:] = [f"{printed[-1]}\n(not run to its end)"] * (len(told) - len(printed) + 1)
    return [
        Wrong(block, output)
        for block, output in zip(told, printed, strict=False)
        if not re.fullmatch(pattern(block.prints or "…"), output, flags=re.DOTALL)
        or output.endswith("(not run to its end)")
    ]
