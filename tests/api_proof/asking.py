"""Schemathesis against a running API, told what its school has."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.api_proof.school import IMPORTS, SCHEDULES, SEARCHES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.api_proof.school import Found
    from tests.integration.api.conftest import Api

PARTS = ("command-worker", "operations", "projector", "reference-data")
UNBOUND = {"api_per_second": 100_000, "api_burst": 1_000_000}
"""Whoever asks ten thousand times from one place is not to be told 429 each time."""
CONFIG = Path(__file__).with_name("schemathesis.toml")


class Printed(NamedTuple):
    """How Schemathesis ended; 0: it found nothing."""

    returncode: int
    lines: list[str]


def _dictionaries(found: Found) -> Iterator[str]:
    made = {
        "schedules": SCHEDULES,
        "searches": SEARCHES,
        "imports": IMPORTS,
        "endpoints": found.endpoints,
    }
    for name, ids in made.items():
        yield f"[dictionaries.{name}]\nvalues = {json.dumps([*ids, 'none'])}\n\n"


async def schemathesis(api: Api, found: Found, out: Path, *more: str) -> Printed:
    """Run it over the whole document that the API serves; its lines go to ``out`` too."""
    config = out.with_name("schemathesis.toml")
    config.write_text(f"{CONFIG.read_text('utf-8')}\n{''.join(_dictionaries(found))}", "utf-8")
    with out.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", config.name),
            *("run", f"{api.where}/v1/openapi.json", "--checks", "all"),
            *("--exclude-checks", "positive_data_acceptance"),  # no schema knows of all rules
            *("--header", f"Authorization:Bearer {found.token}", "--continue-on-failure"),
            *("--generation-database", "none", "--no-color", *more),
            stdout=file,
            stderr=asyncio.subprocess.STDOUT,
            cwd=out.parent,  # it leaves a cache where it runs
            env={**os.environ, "COLUMNS": "120", "PYTHONWARNINGS": "ignore"},
        )
        returncode = await process.wait()
        printed = await asyncio.to_thread(out.read_text, "utf-8", "replace")
    return Printed(returncode, printed.splitlines())
