"""A fault run: load, faults at random moments, rest, and the oracle."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter, defaultdict
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from contracts import topics
from tests.faults.producing import Platform
from tests.faults.settling import settled
from tests.faults.telling import Receivers, faults_of
from tests.support.oracle.evidence import gather
from tests.support.oracle.verdict import holds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.faults.stack import Stack
    from tests.faults.strikes import Fault
    from tests.support.oracle.evidence import Evidence

BURST = 400
"""Commands that are sent at once before a fault."""
EVERY = 0.3, 1.2
"""Seconds between two faults."""


class Figures(NamedTuple):
    """What a run did."""

    faults: Counter[str]
    commands: int
    results: Counter[str]
    """By code, each record counted."""
    events: int
    again: int
    """Deliveries of events beyond the first."""


class FaultRun:
    """Rounds of faults on one stack; the seed gives the load, the faults and their moments."""

    def __init__(self, stack: Stack, seed: int) -> None:
        self._stack = stack
        self.rng = random.Random(seed)
        self._load = random.Random(seed + 1)
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.faults: Counter[str] = Counter()
        self.platform = Platform(self._load, stack.connection)
        self.receivers = Receivers(stack.postgres.url, stack.connection)
        stack.burst = partial(self.platform.send, BURST)

    async def begin(self) -> None:
        """Everything that is there before the first fault."""
        await self.receivers.begin()
        await self.platform.begin(self._stack.postgres.url)
        await self._rest()
        await self.platform.enrol()

    async def round(self, faults: Sequence[Fault]) -> Evidence:
        """Strike while the platform sends; then rest, and judge.

        Raises:
            AssertionError: the oracle does not hold, or the stack does not come to rest.
        """
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.platform.run(stop))
            await self._strike(faults)
            stop.set()
        await self._rest()
        return await self.judge()

    async def judge(self) -> Evidence:
        """The oracle, also of webhooks; and no part may have died of a fault of its own."""
        stack = self._stack
        evidence = await gather(
            stack.postgres.url, stack.broker.bootstrap, "", tuple(self.platform.sent)
        )
        holds(evidence)
        untold = faults_of(self.receivers.got(), evidence)
        assert not untold, "\n".join(["webhooks:", *untold[:20]])
        faults = [f"{name} {how}" for name, how in stack.faults_of_its_own]
        assert not faults, "\n".join(["no fault from outside explains:", *faults])
        return evidence

    async def _rest(self) -> None:
        await settled(self._stack.postgres.url, self._stack.connection)
        await self.receivers.settled()

    async def _strike(self, faults: Sequence[Fault]) -> None:
        async with asyncio.TaskGroup() as group:
            for fault in faults:
                await asyncio.sleep(self.rng.uniform(*EVERY))
                group.create_task(self._happen(fault, random.Random(self.rng.random())))

    async def _happen(self, fault: Fault, rng: random.Random) -> None:
        async with self._locks[fault.victim]:
            await fault.happen(self._stack, rng)
        self.faults[fault.name] += 1


def figures(run: FaultRun, evidence: Evidence) -> Figures:
    """What the last evidence shows."""
    results = Counter[str]()
    for record in evidence.delivered[topics.RESULTS]:
        body = json.loads(record.value or b"")
        results[body.get("code", body["outcome"])] += 1
    events = len(evidence.stored.events)
    return Figures(
        faults=run.faults,
        commands=len(evidence.delivered[topics.COMMANDS]),
        results=results,
        events=events,
        again=len(evidence.delivered[topics.EVENTS]) - events,
    )
