"""The Open University's school with three webhook endpoints, one of them dead for the whole run.

``python -m benchmarks.oulad.webhooks --out OUT [--kafka embedded|apache]`` starts the servers, the
publisher and the webhook dispatcher on what ``make oulad OUT=OUT`` left, tells three endpoints all
that happened, and prints what each got beside the log's own counts; exit code 1 where they differ.
"""

import argparse
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks.oulad.mapping import SCHOOL
from benchmarks.oulad.stack import OFTEN, Deaths
from benchmarks.oulad.telling import School, Told
from services.composition.database import database
from services.runtime.addresses import find
from services.runtime.alone import FolderInUseError, alone_in
from services.runtime.bus.client import connection
from services.runtime.bus.provision import create_topics
from services.runtime.children import KeptPart, environment, servers
from services.runtime.embedded.server import ServerError
from services.runtime.settings import Settings
from services.runtime.supervisor import Supervisor

PARTS = ("publisher", "webhook-dispatcher")


async def show(out: Path, kafka: str, console: Console) -> bool:
    """Run it and print it; true where everything is as the log has it."""
    settings = Settings(_env_file=None, data=out / "stack", kafka=kafka)
    supervisor = Supervisor(Deaths(), OFTEN)
    with alone_in(settings.data):
        try:
            await supervisor.start(servers(settings))
            addresses = find(settings)
            async with database(settings, "oulad-webhooks") as pool:
                cluster = connection(settings, addresses.kafka)
                await create_topics(cluster, settings.partitions, settings.replication)

                @asynccontextmanager
                async def parts() -> AsyncIterator[None]:
                    variables = environment(settings, addresses)
                    kept = [KeptPart(name, settings.data, variables) for name in PARTS]
                    await supervisor.start(kept)
                    yield
                    console.print(f"memory: {_memory()}")

                told = await School(pool, SCHOOL, console.print).tell(parts)
        finally:
            await supervisor.stop()
    console.print(table(told))
    return not any(it.differs for it in told)


def table(told: Sequence[Told]) -> Table:
    """What each endpoint got beside the log."""
    shown = Table("endpoint", "trigger", title="Delivered, signature verified, and in the log")
    for column in ("delivered", "in the log", "the same"):
        shown.add_column(column, justify="right")
    for it in told:
        for trigger in sorted({*it.got, *it.log}):
            got, log = it.got.get(trigger, 0), it.log.get(trigger, 0)
            shown.add_row(
                it.endpoint, trigger, f"{got:,}", f"{log:,}", "yes" if got == log else "NO"
            )
        words = f"repeats {it.repeats}, wrong signatures {it.wrong}"
        shown.add_row(it.endpoint, f"all ({words})", f"{sum(it.got.values()):,}", "", "")
    return shown


def _memory() -> str:
    """Of each part, now."""
    found = []
    for child in psutil.Process().children(recursive=True):
        words = child.cmdline()
        found += [
            f"{name} {child.memory_info().rss / 2**20:.0f} MiB" for name in PARTS if name in words
        ]
    return ", ".join(sorted(found))


def main() -> None:
    """Read the command line and show; exit code 1 where anything differs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.oulad.webhooks")
    parser.add_argument("--out", type=Path, required=True, help="what make oulad left")
    parser.add_argument("--kafka", default="embedded", choices=("embedded", "apache"))
    asked = parser.parse_args()
    if not (asked.out / "stack").is_dir():
        sys.exit(f"There is nothing in {asked.out}; load it first: make oulad OUT={asked.out}")
    console = Console(soft_wrap=True, highlight=False, markup=False)
    try:
        same = uvloop.run(show(asked.out, asked.kafka, console))
    except (FolderInUseError, ServerError) as error:
        sys.exit(f"{error.code}: {error}")
    if not same:
        sys.exit("What was delivered is not what the log has.")


if __name__ == "__main__":
    main()
