"""``coursemark demo`` shows every rule on a fresh machine, and leaves nothing behind."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from services.cli.demo.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

COURSEMARK = str(Path(sys.executable).with_name("coursemark"))
SECONDS = 150
"""Beside other tests; alone it takes some twenty."""


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """A machine with nothing on it: an empty home, and settings that lead nowhere."""
    for name in ("home", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / ".env").write_text("COURSEMARK_PARTITIONS=7\nCOURSEMARK_TOPIC_PREFIX=wrong.\n")
    return {
        "HOME": str(tmp_path / "home"),
        "TMPDIR": str(tmp_path / "tmp"),
        "PATH": "/usr/bin:/bin",
        "COURSEMARK_KAFKA": "127.0.0.1:1",
    }


def left_behind(machine: dict[str, str]) -> list[str]:
    """Files in the home and in the folder for temporary files; processes that work there."""
    folders = Path(machine["HOME"]), Path(machine["TMPDIR"])
    files = [str(file) for folder in folders for file in folder.rglob("*")]
    return files + [command for command in commands() if machine["TMPDIR"] in command]


def commands() -> Iterator[str]:
    for process in psutil.process_iter(["cmdline"]):
        yield " ".join(process.info["cmdline"] or ())


@pytest.mark.slow
@pytest.mark.timeout(2 * SECONDS)
def test_every_rule_is_shown(machine: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        [COURSEMARK, "demo"],
        cwd=tmp_path,
        env=machine,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    table = done.stdout.rpartition("─")[2]
    shown = re.findall(r"^(\S+) +.* ✓ *$", table, flags=re.MULTILINE)
    assert list(dict.fromkeys(shown)) == list(RULES)
    assert left_behind(machine) == []


@pytest.mark.slow
@pytest.mark.timeout(2 * SECONDS)
def test_ctrl_c_stops_it_and_leaves_nothing(machine: dict[str, str], tmp_path: Path) -> None:
    with subprocess.Popen(
        [COURSEMARK, "demo"], cwd=tmp_path, env=machine, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if "Riverside opens" in line:
                running.send_signal(signal.SIGINT)
        assert running.wait(SECONDS) == 130
    assert left_behind(machine) == []
