"""The shell completes parts, projections and types."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.command_line import environment


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("coursemark run command", ["command-worker"]),
        ("coursemark projections rebuild publish-e", ["publish-events"]),
        ("coursemark projections check e", ["events_log"]),
        ("coursemark send mark", ["mark_complete"]),
    ],
)
def test_names_are_completed(words: str, completed: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from services.cli.main import main; main()"],
        env=environment(
            _COURSEMARK_COMPLETE="complete_bash",
            COMP_WORDS=words,
            COMP_CWORD=str(len(words.split()) - 1),
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == completed, done
