"""The Open University's completions imported from one file, as an administrator would.

``python -m benchmarks.oulad.importing --data DATA --out OUT [--kafka embedded|apache]`` builds the
file, imports it into a running Coursemark with ``coursemark import``, once more, and shuffled into
an empty one; prints rows a second, refused rows by code, and the views' sha256 after each; then
checks a workbook of 20,000 lines with 40 errors. Exit code 1 where the sums differ, or where not
exactly the 40 are listed.
"""

import argparse
import asyncio
import json
import shutil
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import uvloop
from rich.console import Console

from benchmarks.oulad import completions, mapping, planted
from benchmarks.oulad.export import ExportError, export
from benchmarks.oulad.messages import reference_message
from benchmarks.oulad.report import digest, rows
from benchmarks.oulad.source import SourceError, Tables, read
from benchmarks.oulad.stack import Deaths, running
from benchmarks.oulad.waiting import Waiting
from services.composition.database import database
from services.runtime.bus.client import connection
from services.runtime.bus.outbox import Outbox
from services.runtime.children import command
from services.runtime.settings import Settings

VIEWS = ("progress", "activities")


class ImportFailedError(Exception):
    """``coursemark import`` could not go on; it has said why."""


class Stage:
    """A running Coursemark that knows the university's people and courses."""

    def __init__(self, settings: Settings, waiting: Waiting, out: Path, console: Console) -> None:
        self._settings = settings
        self._waiting = waiting
        self._out = out
        self._console = console

    async def import_(self, file: Path) -> tuple[str, ...]:
        """Import the file; returns the views' sums."""
        began = perf_counter()
        said = await self._import(file, "--no-email", "--enroll", "--skip-invalid", "--yes")
        done = perf_counter() - began
        await self._waiting.for_views()
        seen, lines, report = perf_counter() - began, rows(file), said[-1]
        wrong = Counter(it["problem"]["code"] for it in said if "problem" in it)
        self._console.print(
            f"  {lines:,} lines in {done:.1f} s, {lines / done:,.0f} a second, from reading the "
            f"file to the end of the operation; in all views after {seen:.1f} s, "
            f"{lines / seen:,.0f} a second\n"
            f"  problems of the file: {_counts(wrong)}\n"
            f"  {report['state']}: {report['done']:,} done; skipped: {_counts(report['skipped'])}; "
            f"refused: {_counts(report['failed'])}"
        )
        return await self._sums()

    async def check(self, file: Path) -> list[tuple[int, str]]:
        """Check the file; returns every problem's line and code."""
        began = perf_counter()
        said = await self._import(file, "--enroll", "--check")
        self._console.print(f"  checked in {perf_counter() - began:.1f} s")
        found = [it["problem"] for it in said if "problem" in it]
        return [(it["line"], it["code"]) for it in found if not it["harmless"]]

    async def _import(self, file: Path, *how: str) -> list[dict[str, Any]]:
        """What the command prints as JSON lines; it says the rest by itself."""
        whose = ("--school", mapping.SCHOOL, "--actor", mapping.REGISTRAR)
        words = ("import", str(file), *whose, *how, "--json")
        self._console.print(f"$ coursemark {' '.join(words)}")
        where = ("--kafka", self._settings.kafka, "--data", str(self._settings.data))
        process = await asyncio.create_subprocess_exec(
            *command(*words, *where), stdout=asyncio.subprocess.PIPE
        )
        printed, _ = await process.communicate()
        if process.returncode not in {0, 1}:
            raise ImportFailedError(f"coursemark import ended with {process.returncode}")
        return [json.loads(line) for line in printed.splitlines()]

    async def _sums(self) -> tuple[str, ...]:
        files = [await export(what, self._out, self._settings) for what in VIEWS]
        sums = tuple(digest(file) for file in files)
        for file, found in zip(files, sums, strict=True):
            self._console.print(f"  {found}  {file.name}, {rows(file):,} rows")
        return sums


@asynccontextmanager
async def stage(tables: Tables, out: Path, kafka: str, console: Console) -> AsyncIterator[Stage]:
    """An empty Coursemark in OUT/stack, with directory and catalog taken in."""
    folder = out / "stack"
    shutil.rmtree(folder, ignore_errors=True)
    settings = Settings(_env_file=None, data=folder, kafka=kafka)
    async with running(settings, Deaths()) as addresses, database(settings, "importing") as pool:
        waiting = Waiting(pool)
        async with Outbox(connection(settings, addresses.kafka)) as outbox:
            await outbox.send(map(reference_message, mapping.directory(tables)))
            await outbox.send(map(reference_message, mapping.catalog(tables)))
        await waiting.for_reference_data(tables)
        yield Stage(settings, waiting, out, console)


async def show(asked: argparse.Namespace, console: Console) -> bool:
    """All of it; false where something is not as it has to be."""
    tables = read(asked.data)
    lines = list(completions.completions(tables))
    mixed = completions.shuffled(lines, asked.seed)
    changed, expected = planted.planted(lines, asked.seed)
    file = completions.write(asked.out / "completions.csv", lines)
    other = completions.write(asked.out / "shuffled.csv", mixed)
    workbook = planted.write(asked.out / "planted.xlsx", changed)
    console.print(f"{len(lines):,} lines; seed {asked.seed}; broker: {asked.kafka}")
    async with stage(tables, asked.out, asked.kafka, console) as first:
        sums = [await first.import_(file), await first.import_(file)]
        found = await first.check(workbook)
    async with stage(tables, asked.out, asked.kafka, console) as second:
        sums.append(await second.import_(other))
    same = len(set(sums)) == 1
    listed = sorted(found) == sorted(expected.items())
    console.print(
        "the same file again, and shuffled into an empty system: "
        f"{'equal sha256' if same else 'DIFFERENT'}\n"
        f"{len(changed):,} lines with {len(expected)} planted errors: {len(found)} listed, "
        f"{'each of them' if listed else 'NOT THE SAME'}"
    )
    for line, code in sorted(set(found) ^ set(expected.items())):
        console.print(f"  differs: line {line}, {code}")
    return same and listed


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{code} {count:,}" for code, count in sorted(counts.items())) or "none"


def main() -> None:
    """Read the command line and show; exit code 1 where something differs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.oulad.importing")
    parser.add_argument("--data", type=Path, required=True, help="folder of the csv.gz files")
    parser.add_argument("--out", type=Path, required=True, help="takes the files")
    parser.add_argument("--kafka", default="embedded", choices=("embedded", "apache"))
    parser.add_argument("--seed", type=int, default=1, help="of the order and the errors")
    asked = parser.parse_args()
    try:
        asked.out.mkdir(parents=True, exist_ok=True)
        fine = uvloop.run(show(asked, Console(soft_wrap=True, highlight=False, markup=False)))
    except (SourceError, ImportFailedError, ExportError) as error:
        sys.exit(str(error))
    if not fine:
        sys.exit("Something is not as it has to be; see above.")


if __name__ == "__main__":
    main()
