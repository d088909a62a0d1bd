"""The tutorial's commands work as they stand there, in order, and print what it says they do."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contracts.catalog import CourseStructure
from contracts.directory import School, User
from services.cli.demo.school import BIOLOGY_1, FIRST_AID_1, PEOPLE
from services.cli.send import lines
from services.cli.send.outgoing import Outgoing
from tests.pages.blocks import blocks, environment, run

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
TUTORIAL = (ROOT / "docs" / "tutorial" / "first-steps.md").read_text("utf-8")
SAMPLE = ROOT / "docs" / "how-to" / "riverside.jsonl"
UP = "coursemark up\n"
BLOCKS = blocks(TUTORIAL, "sh")
SECONDS = 180
"""Beside other tests; alone it takes some forty."""


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path, tmp_path / "data")


@pytest.fixture
def running(variables: dict[str, str]) -> Iterator[None]:
    """``coursemark up`` in its own terminal, as the tutorial says, until Ctrl-C."""
    assert BLOCKS[0].commands == UP
    with subprocess.Popen(
        UP.split(), cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True
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
def test_the_commands_print_what_the_tutorial_says(variables: dict[str, str]) -> None:
    assert run(BLOCKS[1:], ROOT, variables, SECONDS) == []


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
