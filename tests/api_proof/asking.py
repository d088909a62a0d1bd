"""Schemathesis against a running API: a school with something in it, and a token for all of it."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from projections.registry import PROJECTIONS
from services.runtime.embedded.waiting import until
from services.store.cursors import positions
from services.store.log import EventLog
from services.store.tokens import SCOPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.integration.api.conftest import Api

PARTS = ("command-worker", "operations", "projector", "reference-data")
UNBOUND = {"api_per_second": 100_000, "api_burst": 1_000_000}
"""Whoever asks ten thousand times from one place is not to be told 429 each time."""
OF = {"learner": "u-1204", "course": "biology-1"}
_CONFIG = Path(__file__).with_name("schemathesis.toml")
_EMAIL = {"send_completion_email": False}
_MANY = {"learners": ["u-1204", "u-1205"]}
COMMANDS: Sequence[tuple[str, str, dict[str, Any]]] = (
    ("enroll-learner", "enroll-1", OF),
    (
        "mark-complete",
        "8e03978e-40d5-43d9-9bc0-6894a57f9324",
        {**OF, **_EMAIL, "activities": "whole_course"},
    ),
    ("bulk-enroll", "bulk-1", {**_MANY, "operation": "op-2026-11-25", "courses": ["biology-1"]}),
    (
        "bulk-mark-complete",
        "bulk-2",
        {
            **_MANY,
            **_EMAIL,
            "operation": "op-2",
            "course": "biology-1",
            "activities": "whole_course",
            "dry_run": True,
        },
    ),
)
"""Whose ids the document's examples have, and ``schemathesis.toml``: there is something to find."""


class Printed(NamedTuple):
    """How Schemathesis ended; 0: it found nothing."""

    returncode: int
    lines: list[str]


async def settled(api: Api) -> str:
    """The secret of an administrator's token of every scope; the school's commands are done."""
    token = await api.token(scopes=SCOPES)
    for name, key, body in COMMANDS:
        done = await api.command(name, token, key, body, wait=30)
        assert done.status == 200, done.body
    await shown(api)
    return token


async def shown(api: Api) -> None:
    """Every view has what the log has: the projector runs."""
    last, names = await EventLog(api.pool).last(), [it.name for it in PROJECTIONS]

    async def there() -> bool:
        stands = await positions(api.pool, names)
        return all(name in stands and stands[name] >= last for name in names)

    assert await until(there, within=60)


async def schemathesis(api: Api, token: str, out: Path, *more: str) -> Printed:
    """Run it over the whole document that the API serves; its lines go to ``out`` too."""
    with out.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(_CONFIG)),
            *("run", f"{api.where}/v1/openapi.json", "--checks", "all"),
            *("--exclude-checks", "positive_data_acceptance"),  # no schema knows of all rules
            *("--header", f"Authorization:Bearer {token}", "--continue-on-failure"),
            *("--generation-database", "none", "--no-color", *more),
            stdout=file,
            stderr=asyncio.subprocess.STDOUT,
            cwd=out.parent,  # it leaves a cache where it runs
            env={**os.environ, "COLUMNS": "120", "PYTHONWARNINGS": "ignore"},
        )
        returncode = await process.wait()
        printed = await asyncio.to_thread(out.read_text, "utf-8", "replace")
    return Printed(returncode, printed.splitlines())
