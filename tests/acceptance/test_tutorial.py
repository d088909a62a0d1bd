"""The tutorial's commands work as they stand there, in order, and print what it says they do."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from contracts.catalog import CourseStructure
from contracts.directory import School, User
from services.cli.demo.school import BIOLOGY_1, FIRST_AID_1, PEOPLE
from services.cli.send import lines
from services.cli.send.outgoing import Outgoing

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
TUTORIAL = (ROOT / "docs" / "tutorial" / "first-steps.md").read_text("utf-8")
SAMPLE = ROOT / "docs" / "how-to" / "riverside.jsonl"
UP = "coursemark up\n"
SECONDS = 180
"""Beside other tests; alone it takes some forty."""
NEXT = "---- the next block ----"


class Block(NamedTuple):
    """Commands, and what they print where the tutorial shows it; … stands for anything."""

    commands: str
    prints: str | None


def blocks() -> list[Block]:
    found = re.findall(r"```sh\n(.*?)```\n(?:\n```text\n(.*?)```)?", TUTORIAL, flags=re.DOTALL)
    return [Block(commands, prints or None) for commands, prints in found]


def pattern(prints: str) -> str:
    """White space is as it may be: columns are as wide as what stands in them."""
    parts = [r"\s+".join(map(re.escape, part.split())) for part in prints.split("…")]
    return r"\s*" + r".*?".join(rf"{part}\s*" for part in parts)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "COURSEMARK_DATA": str(tmp_path / "data"),
    }


@pytest.fixture
def running(environment: dict[str, str]) -> Iterator[None]:
    """``coursemark up`` in its own terminal, as the tutorial says, until Ctrl-C."""
    assert blocks()[0].commands == UP
    with subprocess.Popen(
        UP.split(), cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as up:
        assert up.stdout is not None
        assert any(line.startswith("Ready") for line in up.stdout)
        yield
        up.send_signal(signal.SIGINT)
        assert "Stopped." in up.stdout.read()
        assert up.wait(60) == 0


@pytest.mark.slow
@pytest.mark.timeout(2 * SECONDS)
@pytest.mark.usefixtures("running")
def test_the_commands_print_what_the_tutorial_says(environment: dict[str, str]) -> None:
    told = blocks()[1:]
    script = "".join(f"{block.commands}\necho '{NEXT}'\n" for block in told)
    done = subprocess.run(
        ["bash", "-c", f"exec 2>&1\n{script}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    printed = done.stdout.split(NEXT)[:-1]
    assert len(printed) == len(told), done.stdout
    for block, output in zip(told, printed, strict=True):
        wanted = pattern(block.prints or "…")
        assert re.fullmatch(wanted, output, flags=re.DOTALL), f"{block.commands}\n{output}"


def test_the_sample_is_of_the_school_that_the_demo_is_of() -> None:
    """One Riverside: whoever has seen the demo knows the people and courses of the sample."""
    with SAMPLE.open("rb") as file:
        sendable = [line for line in lines.read(file) if isinstance(line, Outgoing)]
    assert len(sendable) == len(SAMPLE.read_text("utf-8").splitlines())
    models = {"school": School, "user": User, "course_structure": CourseStructure}
    known = [
        models[line.type].model_validate_json(line.message.value or b"")
        for line in sendable
        if line.command is None
    ]
    assert [entry for entry in known if entry not in (*PEOPLE, BIOLOGY_1, FIRST_AID_1)] == []
    commands = [line.id for line in sendable if line.command is not None]
    assert len(commands) == len(set(commands)) == 11
