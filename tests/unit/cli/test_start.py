"""The command line starts fast: it imports the command that it is given, and that what it needs
when it runs."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {"aiokafka", "asyncpg", "faststream", "contracts.registry", "rich.table", "orjson"}


def loaded(code: str) -> set[str]:
    """The modules of a process that runs this."""
    done = subprocess.run(
        [sys.executable, "-c", f"from services.cli.main import app; {code}; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_the_commands_import_nothing_heavy() -> None:
    assert not HEAVY & loaded("app(); import sys")


def test_a_command_comes_without_the_others() -> None:
    commands = {it for it in loaded("app(['where']); import sys") if it.startswith("services.cli")}
    assert "services.cli.where" in commands
    assert not {"services.cli.show.command", "services.cli.run"} & commands
