"""The Open University's records through a running Coursemark, by commands on Kafka.

``python -m benchmarks.oulad.load --data DATA --out OUT [--kafka embedded|apache] [--faults N]``
starts the stack in OUT/stack, publishes directory and catalog, sends the commands as a producer
would, waits for all results and views, prints what came of them and writes OUT/progress.csv and
OUT/activities.csv. docs/explanation/open-university.md tells the mapping.
"""

import argparse
import asyncio
import shutil
import sys
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter

import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.oulad import mapping
from benchmarks.oulad.export import export
from benchmarks.oulad.faults import Faults
from benchmarks.oulad.messages import command_message, reference_message
from benchmarks.oulad.report import Times, say
from benchmarks.oulad.results import Results, follow
from benchmarks.oulad.source import SourceError, Tables, read
from benchmarks.oulad.stack import Deaths, running
from benchmarks.oulad.waiting import Waiting
from services.composition.database import database
from services.runtime.bus.client import Connection, connection
from services.runtime.bus.outbox import Outbox
from services.runtime.patience import patiently
from services.runtime.settings import Settings

CHUNK = 2_000
"""Commands sent together."""
AHEAD = 40_000
"""Commands sent and not yet answered, at the most: a producer that does not flood the broker."""
PATIENCE = 120.0
"""Seconds that the producer waits for a broker that is gone."""


async def load(asked: argparse.Namespace, console: Console) -> None:
    """The whole of it."""
    tables = read(asked.data)
    total = sum(1 for _ in mapping.commands(tables))
    folder = asked.out / "stack"
    shutil.rmtree(folder, ignore_errors=True)
    settings = Settings(_env_file=None, data=folder, kafka=asked.kafka)
    deaths, faults = Deaths(), Faults(asked.faults, asked.seed)
    began = perf_counter()
    async with running(settings, deaths) as addresses, database(settings, "load") as pool:
        times, results, waiting = Times(perf_counter() - began), Results(total), Waiting(pool)
        cluster = connection(settings, addresses.kafka)
        async with Outbox(cluster) as outbox:
            await outbox.send(map(reference_message, mapping.directory(tables)))
            await outbox.send(map(reference_message, mapping.catalog(tables, vle=asked.vle)))
            await waiting.for_reference_data(tables)
            sending = perf_counter()
            await _run(outbox, cluster, tables, results, faults, console)
            times.answered = perf_counter() - sending
        await waiting.for_views()
        times.in_views = perf_counter() - sending
        await waiting.for_kafka()
        times.on_kafka = perf_counter() - sending
        files = [await export(what, asked.out, settings) for what in ("progress", "activities")]
        say(console, results, times, files, await waiting.events(), deaths, faults)


async def _run(
    outbox: Outbox,
    cluster: Connection,
    tables: Tables,
    results: Results,
    faults: Faults,
    console: Console,
) -> None:
    """Send all commands while results come in and faults strike; until all are answered."""
    async with asyncio.TaskGroup() as group:
        following = group.create_task(follow(cluster, results))
        striking = group.create_task(faults.run())
        showing = group.create_task(_show(results, console))
        await _send(outbox, tables, results)
        await results.complete.wait()
        await striking
        for task in (following, showing):
            task.cancel()


async def _send(outbox: Outbox, tables: Tables, results: Results) -> None:
    commands, sent = mapping.commands(tables), 0
    while chunk := [command_message(*named) for named in islice(commands, CHUNK)]:
        await results.at_least(sent - AHEAD)
        await patiently(partial(outbox.send, chunk), PATIENCE, "the producer")
        sent += len(chunk)


async def _show(results: Results, console: Console) -> None:
    """A bar where there is a terminal; nothing otherwise."""
    columns = (
        TextColumn("commands answered"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("answered", total=results.expected)
        while not results.complete.is_set():
            bar.update(task, completed=results.count)
            await asyncio.sleep(0.2)
        bar.update(task, completed=results.count)


def main() -> None:
    """Read the command line and load; exit code 1 and a sentence where the data are not there."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.oulad.load")
    parser.add_argument("--data", type=Path, required=True, help="folder of the csv.gz files")
    parser.add_argument("--out", type=Path, required=True, help="takes the two CSV files")
    parser.add_argument("--kafka", default="embedded", choices=("embedded", "apache"))
    parser.add_argument("--vle", action="store_true", help="the optional activities too")
    parser.add_argument("--faults", type=int, default=0, help="kill each part so many times")
    parser.add_argument("--seed", type=int, default=1, help="of the faults")
    asked = parser.parse_args()
    try:
        asked.out.mkdir(parents=True, exist_ok=True)
        uvloop.run(load(asked, Console()))
    except SourceError as error:
        sys.exit(f"{error.code}: {error}")


if __name__ == "__main__":
    main()
