"""The long fault run: ``python -m tests.faults --seconds 300 --seed 1 --kafka apache``.

Rounds of faults under load, each followed by the oracle, until the time is over. It ends with
exit code 1 and what is missing where the oracle does not hold; the folder then has the logs.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter

import uvloop

from services.runtime.logs import log_to_stderr
from tests.faults.running import FaultRun, figures
from tests.faults.stack import Death, Stack, running
from tests.faults.strikes import ANYWHERE, LONG_ON_APACHE, ON_APACHE

LARGEST_ROUND = 6


async def run(asked: argparse.Namespace) -> None:
    """All rounds: first every kind of fault alone, then several together."""
    began = perf_counter()
    shutil.rmtree(asked.folder, ignore_errors=True)
    stack = Stack(asked.folder, asked.kafka)
    there = [*ANYWHERE, *(ON_APACHE + LONG_ON_APACHE if stack.apache else ())]
    faults = [fault for fault in there if asked.only in fault.name]
    async with running(stack):
        run = FaultRun(stack, asked.seed)
        alone = run.rng.sample(faults, len(faults))
        async with run.platform, run.receivers:
            await run.begin()
            while perf_counter() - began < asked.seconds or alone:
                count = run.rng.randint(2, LARGEST_ROUND)
                chosen = [alone.pop()] if alone else run.rng.choices(faults, k=count)
                if asked.together:
                    chosen, alone = run.rng.sample(faults, len(faults)), []
                _say(f"{perf_counter() - began:6.0f} s  {', '.join(it.name for it in chosen)}")
                evidence = await run.round(chosen)
    _say(f"\nseed {asked.seed}, {perf_counter() - began:.0f} s: the oracle held after each round.")
    for name, value in figures(run, evidence)._asdict().items():
        _say(f"{name}: {value}")
    for (name, how), times in Counter(map(_in_short, stack.reports.deaths)).items():
        _say(f"died: {name} {how}, {times} times")


def _in_short(death: Death) -> Death:
    """Without the log's place and its last lines."""
    return Death(death.name, re.split(r"[;.]", death.how.removeprefix(f"{death.name} "))[0])


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kafka", choices=("embedded", "apache"), default="embedded")
    parser.add_argument("--only", default="", help="faults whose name has this in it")
    parser.add_argument("--together", action="store_true", help="every kind once, in each round")
    parser.add_argument("--folder", type=Path, default=Path("build/faults"))
    asked = parser.parse_args()
    log_to_stderr("CRITICAL")  # of this process; each part has a log of its own
    _say(f"seed {asked.seed} on {asked.kafka}; data and logs in {asked.folder}")
    try:
        uvloop.run(run(asked))
    except* AssertionError as failed:
        for error in failed.exceptions:
            sys.stderr.write(f"{error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
