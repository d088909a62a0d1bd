"""A how-to page played on a running Coursemark, in a school of its own.

The page speaks of Riverside; each page gets its own Riverside, by another id, so that pages follow
each other in any order. The files that a page reads lie where it says, with that id in them.
"""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from typing import NamedTuple

from tests.pages.blocks import Block, Wrong, blocks, environment, run

FOLDER = Path(__file__).parents[2] / "docs" / "how-to"
SCHOOL = "riverside"
SECONDS = 180
"""For one page."""
_TEXTS = {".jsonl", ".csv", ".txt"}


class Played(NamedTuple):
    """How a page went."""

    page: str
    blocks: list[Block]
    wrong: list[Wrong]
    seconds: float

    @property
    def line(self) -> str:
        """One line for a person."""
        held = sum(block.prints is not None for block in self.blocks)
        outcome = f"{len(self.wrong)} WRONG" if self.wrong else "as it says"
        return (
            f"{self.page:<22} {len(self.blocks):>3} blocks  {held:>3} outputs held against it  "
            f"{outcome}  {self.seconds:5.1f} s"
        )


def pages() -> list[Path]:
    """The pages whose blocks are run: those with a block of bash."""
    return [page for page in sorted(FOLDER.glob("*.md")) if "```bash\n" in page.read_text("utf-8")]


def play(page: Path, data: Path, folder: Path) -> Played:
    """Run a page's blocks in an empty folder; ``data``: of the Coursemark that runs."""
    school = f"{SCHOOL}-{uuid.uuid4().hex[:6]}"
    beside = folder / "docs" / "how-to"
    beside.mkdir(parents=True)
    for file in FOLDER.iterdir():
        if file.suffix in _TEXTS:
            named = beside / _named(file.name, school)
            named.write_text(_named(file.read_text("utf-8"), school), "utf-8")
    told = blocks(_named(page.read_text("utf-8"), school), "bash", "text|console")
    began = time.monotonic()
    wrong = run(told, folder, environment(folder, data), SECONDS)
    return Played(page.name, told, wrong, time.monotonic() - began)


def _named(text: str, school: str) -> str:
    """The text with the school's id; addresses such as maria@riverside.example stay."""
    return text.replace(SCHOOL, school).replace(f"@{school}.", f"@{SCHOOL}.")
