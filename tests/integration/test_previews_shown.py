"""``make previews`` in short: what was foreseen happens, or a reason says by how many not (B5)."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_STEPS = 6
"""Three bulk commands, an import, one with others at it, an undo."""


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_b5_counts_are_equal_or_the_difference_is_explained(tmp_path: Path) -> None:
    """For all three bulk commands, an import and an undo, and for what goes out of each."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.previews"),
        *("--learners", "200", "--out", str(tmp_path / "previews")),
        cwd=_ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed = (await process.communicate())[0].decode()
    assert process.returncode == 0, printed
    rows = re.findall(r"^rows done +(\d+) +(\d+) +(\d+) ", printed, flags=re.MULTILINE)
    assert len(rows) == _STEPS
    assert all(int(happened) > 0 for *_, happened in rows)
    for effect in ("e-mails", "webhooks", "Zaps"):
        assert re.search(rf"^{effect} +[1-9].* the same", printed, flags=re.MULTILINE), printed
    assert "0 differ without one" in printed
