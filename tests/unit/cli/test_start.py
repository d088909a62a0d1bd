"""The command line starts fast: it imports the command that it is given, and that what it needs
when it runs."""

from __future__ import annotations

import subprocess
import sys

from services.cli.main import _PLACES

HEAVY = {"aiokafka", "asyncpg", "faststream", "contracts.registry", "rich.table", "orjson"}
TELLING = (
    "import atexit, sys; from services.cli.main import app, main; "
    "atexit.register(lambda: print(chr(10), *sys.modules))"
)


def loaded(code: str) -> set[str]:
    """The modules of a process that ran this."""
    done = subprocess.run(
        [sys.executable, "-c", f"{TELLING}; {code}"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


def test_the_commands_import_nothing_heavy() -> None:
    assert not HEAVY & loaded("app()")


def test_a_command_comes_without_the_others() -> None:
    found = loaded("sys.argv = ['coursemark', 'where', '--help']; main()")
    commands = {f"services.cli.{place.partition(':')[0]}" for place in _PLACES.values()}
    assert commands & found == {"services.cli.where"}
