"""The command starts fast: what a command needs is imported when it runs."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("aiokafka", "asyncpg", "faststream", "contracts.registry", "rich.table", "orjson")


def test_the_entry_imports_nothing_heavy() -> None:
    code = "import sys, services.cli.main; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not set(HEAVY) & set(loaded.stdout.split())
