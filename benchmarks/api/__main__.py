"""How fast the API answers, with the Open University in it.

``python -m benchmarks.api [--out OUT] [--kafka apache|embedded] [--seconds 10] [--rate 200]``
starts the stack on what ``make oulad OUT=OUT KAFKA=...`` left and asks each kind of read, and a
command whose result is waited for, at a steady rate; then as many as can be answered. Beside both,
in the same run, an empty endpoint of the same framework. The client takes a part of the same
processors. ``--learners N``: a made-up school of so many in place of the Open University.
"""

import argparse
import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import uvloop
from rich.console import Console

from benchmarks.api.kinds import COMMAND, READS, commanding, nothing, reading
from benchmarks.api.line import Lines
from benchmarks.api.timing import ANSWERED, AT_ONCE, Asks, at_most, steadily
from benchmarks.api.world import World, loaded, made_up, unnamed
from benchmarks.machine import percentiles

EMPTY = "an empty endpoint"
SATURATED: Sequence[str] = (
    "/v1/me",
    "/v1/learners/{learner}/courses",
    "/v1/learners/{learner}",
    "/v1/learners/{learner}/events",
)
ROUNDS = 3
WARM_UP = 2.0
IDLE_SECONDS = 3.0


class Bench:
    """Asks, prints and keeps what was found."""

    def __init__(self, asked: argparse.Namespace, world: World, empty: str) -> None:
        self._asked = asked
        self._world = world
        self._ours, self._empty = Lines(world.where), Lines(empty)
        self.found: dict[str, Any] = {"latency": {}, "most": {}}

    async def latencies(self, console: Console) -> None:
        """A line for each kind."""
        console.print(
            f"\nat {self._asked.rate} requests a second for {self._asked.seconds:.0f} s each, ms"
            f"\n{'':62} {'p50':>8} {'p99':>8}  answers"
        )
        await self._latency(EMPTY, self._empty, nothing, console)
        paths = await self._world.paths()
        for address in READS:
            if unnamed(address.partition("?")[0]) in paths:
                await self._latency(address, self._ours, reading(self._world, address), console)
            else:
                console.print(f"{address:62} is not there")
        await self._latency(COMMAND, self._ours, commanding(self._world), console)

    async def _latency(self, name: str, lines: Lines, asks: Asks, console: Console) -> None:
        asked = self._asked
        timed = await steadily(lines, asks, asked.rate, asked.seconds, WARM_UP)
        at = percentiles(timed.milliseconds)
        late = percentiles(timed.late)
        self.found["latency"][name] = {**at, "late": late, "statuses": dict(timed.statuses)}
        console.print(f"{name:62} {at['p50']:8.1f} {at['p99']:8.1f}  {_told(timed.statuses)}")

    async def most(self, console: Console) -> None:
        """Rounds, by turns."""
        console.print(
            f"\nrequests a second at the most, {AT_ONCE} under way, {ROUNDS} rounds of "
            f"{self._asked.seconds:.0f} s by turns"
        )
        kinds: dict[str, tuple[Lines, Asks]] = {EMPTY: (self._empty, nothing)}
        for address in SATURATED:
            kinds[address] = self._ours, reading(self._world, address)
        kinds[COMMAND] = self._ours, commanding(self._world)
        rounds: dict[str, list[float]] = {name: [] for name in kinds}
        statuses: dict[str, Counter[int]] = {name: Counter() for name in kinds}
        for _ in range(ROUNDS):
            for name, (lines, asks) in kinds.items():
                rate, seen = await at_most(lines, asks, self._asked.seconds)
                rounds[name].append(rate)
                statuses[name] += seen
        beside = median(rounds[EMPTY])
        for name, rates in rounds.items():
            middle = median(rates)
            self.found["most"][name] = {"rounds": rates, "statuses": dict(statuses[name])}
            console.print(
                f"{name:62} {middle:8,.0f}  {middle / beside:5.2f} of the empty one; "
                f"{min(rates):,.0f} to {max(rates):,.0f}; {_told(statuses[name])}"
            )

    def close(self) -> None:
        """Its lines."""
        self._ours.close()
        self._empty.close()


def _told(statuses: Counter[int]) -> str:
    others = {status: count for status, count in statuses.items() if status not in ANSWERED}
    return f"{statuses.total():,}" + (f", of them {others}" if others else "")


@asynccontextmanager
async def _empty_endpoint() -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.api.empty"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.stdin.close()
        await process.wait()


async def measure(asked: argparse.Namespace, console: Console) -> None:
    """All of it."""
    busy = psutil.cpu_percent(interval=IDLE_SECONDS)
    stand = (
        made_up(asked.out, asked.kafka, asked.learners)
        if asked.learners
        else loaded(asked.out, asked.kafka)
    )
    async with stand as world, _empty_endpoint() as empty:
        console.print(
            f"{world.school}: {world.events:,} events; {len(world.records):,} records are asked "
            f"about; broker: {asked.kafka}; {os.cpu_count()} cores, of which others took "
            f"{busy:.0f} % before it began"
        )
        bench = Bench(asked, world, empty)
        await bench.latencies(console)
        await bench.most(console)
        bench.close()
    (asked.out / "api.json").write_text(json.dumps(bench.found, indent=2) + "\n", "utf-8")


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/oulad"))
    parser.add_argument("--kafka", default="embedded", choices=("apache", "embedded"))
    parser.add_argument("--seconds", type=float, default=10.0, help="for each kind")
    parser.add_argument("--rate", type=int, default=200, help="requests a second")
    parser.add_argument("--learners", type=int, default=0, help="of a made-up school")
    asked = parser.parse_args()
    if not asked.learners and not (asked.out / "stack").is_dir():
        sys.exit(f"There is nothing in {asked.out}; load it first: make oulad OUT={asked.out}")
    asked.out.mkdir(parents=True, exist_ok=True)
    uvloop.run(measure(asked, Console(soft_wrap=True, highlight=False, markup=False)))


if __name__ == "__main__":
    main()
