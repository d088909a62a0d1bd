"""The first five figures of Coursemark's speed, each beside its peer in the same run.

``python -m benchmarks.run [--short] [--kafka apache|embedded] [--out FILE.json]``. Nothing else
should run on the machine meanwhile. ``--short`` proves that the benchmark works; its figures are
of rounds too small to mean anything.
"""

import argparse
import logging
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import uvloop
from rich.console import Console

from benchmarks import append, harness, latency, machine, replay, templates, throughput
from benchmarks.harness import Figure
from benchmarks.servers import Servers, started
from services.runtime.embedded import apache_available
from services.runtime.topology import PARTITIONS

OUT = Path("build/bench.json")
_WIDTH = 120
"""Columns where there is no terminal."""


class Plan(NamedTuple):
    """Sizes of everything."""

    durable: throughput.Size
    append_learners: int
    append_rounds: int
    end_to_end: throughput.Size
    latency: latency.Rate
    replay: replay.Size
    partitions: int

    @property
    def learners(self) -> int:
        """The most learners that any of them needs in the directory."""
        rate = self.latency
        return max(self.durable.ours, self.end_to_end.ours, rate.warm_up + rate.learners)


FULL = Plan(
    durable=throughput.Size(ours=20_000, peer=100, rounds=3),
    append_learners=10_000,
    append_rounds=5,
    end_to_end=throughput.Size(ours=14_000, peer=100, rounds=3),
    latency=latency.Rate(commands=200, learners=570, rounds=3),
    replay=replay.Size(ours=30_000, peer=500, rounds=3),
    partitions=PARTITIONS,
)
_TWO = (throughput.COURSEMARK, throughput.TEXTBOOK)
SHORT = Plan(
    durable=throughput.Size(ours=60, peer=3, rounds=1, contenders=_TWO),
    append_learners=100,
    append_rounds=2,
    end_to_end=throughput.Size(ours=60, peer=3, rounds=1, contenders=_TWO),
    latency=latency.Rate(commands=50, learners=10, rounds=1),
    replay=replay.Size(ours=60, peer=30, rounds=1),
    partitions=4,
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a trial of the benchmark itself")
    parser.add_argument("--out", type=Path, default=OUT, help="where the JSON goes")
    parser.add_argument("--kafka", choices=("apache", "embedded"), default="apache")
    arguments = parser.parse_args()
    reason = apache_available() if arguments.kafka == "apache" else None
    if reason is not None:
        parser.error(f"Apache Kafka cannot run here: {reason}; or pass --kafka embedded")
    logging.basicConfig(level=logging.CRITICAL)  # clients retry aloud while topics are made
    console = Console(width=None if sys.stdout.isatty() else _WIDTH)
    uvloop.run(_run(FULL if not arguments.short else SHORT, arguments, console))


async def _run(plan: Plan, arguments: argparse.Namespace, console: Console) -> None:
    began = perf_counter()
    figures: list[Figure] = []
    async with started(arguments.kafka, plan.partitions) as servers:
        await templates.make(servers, plan.learners)
        described = await machine.describe(servers)
        described |= {"short": plan is SHORT, "partitions": plan.partitions}
        for name, measure in _steps(plan).items():
            with console.status(f"{name} ..."):
                found = await measure(servers)
            figures += found
            described["seconds"] = round(perf_counter() - began)
            harness.write(arguments.out, figures, described)  # a later step may fail
            console.print(f"{perf_counter() - began:5.0f} s  {name}")
    harness.show(figures, described, console)
    console.print(f"raw data: {arguments.out}")


def _steps(plan: Plan) -> dict[str, Callable[[Servers], Awaitable[list[Figure]]]]:
    async def durable(servers: Servers) -> list[Figure]:
        return [await throughput.durable(servers, plan.durable)]

    async def appends(servers: Servers) -> list[Figure]:
        learners, rounds = plan.append_learners, plan.append_rounds
        return [await append.measure(servers, learners=learners, rounds=rounds)]

    async def end_to_end(servers: Servers) -> list[Figure]:
        return [await throughput.end_to_end(servers, plan.end_to_end)]

    async def latencies(servers: Servers) -> list[Figure]:
        return await latency.measure(servers, plan.latency)

    async def replays(servers: Servers) -> list[Figure]:
        return [await replay.measure(servers, plan.replay)]

    return {
        "commands from Kafka to durable events": durable,
        "appends": appends,
        "end to end": end_to_end,
        "latency": latencies,
        "rebuild": replays,
    }


if __name__ == "__main__":
    main()
