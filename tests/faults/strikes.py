"""The faults: what is done to the stack while it works."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from contracts import topics
from services.command_worker.worker import CommandWorker
from services.commands.handler import CommandHandler
from services.composition import RUNS
from services.composition.ground import ground
from services.operations.desk import Desk
from services.runtime.bus.inbox import Inbox
from services.runtime.bus.offsets import GroupOffsets
from services.runtime.clock import now
from services.runtime.embedded.waiting import until
from services.store.directory import Directory
from tests.faults.stack import SESSION_SECONDS, strike

if TYPE_CHECKING:
    import random
    from collections.abc import Awaitable, Callable

    from tests.faults.stack import Stack

MOMENT = 0.0, 0.25
"""Seconds after a burst: it keeps the parts at work for about so long."""
WITHIN = 90.0
"""Seconds in which whatever was struck has to be there again."""
OVERSLEPT = SESSION_SECONDS + 2.0
"""Seconds that a process is stopped: its group has given its partitions to another one."""


class Fault(NamedTuple):
    """One kind of fault; two of the same ``victim`` do not overlap."""

    name: str
    victim: str
    happen: Callable[[Stack, random.Random], Awaitable[None]]


async def in_the_middle(stack: Stack, rng: random.Random) -> None:
    """A burst of commands, and a moment at which the parts are still at it."""
    await stack.burst()
    await asyncio.sleep(rng.uniform(*MOMENT))


async def kill(name: str, stack: Stack, rng: random.Random) -> None:
    """SIGKILL in the middle of its work; it is started again by whoever keeps it."""
    part = stack.parts[name]
    assert await until(part._is_ready, within=WITHIN), f"{name} never came back"
    await in_the_middle(stack, rng)
    strike(part, signal.SIGKILL)


async def oversleep(name: str, stack: Stack, rng: random.Random) -> None:
    """SIGSTOP until another one has taken over; SIGCONT, and it goes on where it was."""
    async with stack.spare(name):
        await in_the_middle(stack, rng)
        if strike(stack.parts[name], signal.SIGSTOP):
            try:
                await asyncio.sleep(OVERSLEPT)
            finally:
                strike(stack.parts[name], signal.SIGCONT)
        await asyncio.sleep(rng.uniform(0.0, 1.5))


async def churn(stack: Stack, rng: random.Random) -> None:
    """A second and a third worker join; one is killed, one leaves in good order."""
    async with stack.spare("command-worker") as second:
        async with stack.spare("command-worker") as third:
            await in_the_middle(stack, rng)
            strike(rng.choice([second, third]), signal.SIGKILL)
        await in_the_middle(stack, rng)


async def postgres_stops(stack: Stack, rng: random.Random) -> None:
    """An immediate stop, as a crash; a pause; a start with recovery."""
    await in_the_middle(stack, rng)
    await stack.postgres.stop(immediate=True)
    await asyncio.sleep(rng.uniform(0.1, 3.0))
    await stack.postgres.start()


async def broker_stops(stack: Stack, rng: random.Random) -> None:
    """A stop in good order, a pause, a start."""
    await in_the_middle(stack, rng)
    await stack.broker.stop()
    await asyncio.sleep(rng.uniform(0.1, 3.0))
    await stack.broker.start()


async def broker_dies(stack: Stack, rng: random.Random) -> None:
    """SIGKILL, a pause, a start with recovery."""
    await in_the_middle(stack, rng)
    await stack.broker.kill()
    await asyncio.sleep(rng.uniform(0.1, 3.0))
    await stack.broker.start()


async def broker_stays_away(stack: Stack, rng: random.Random) -> None:
    """Longer than any part's patience: the parts end and are started again."""
    await in_the_middle(stack, rng)
    await stack.broker.kill()
    await asyncio.sleep(2.5 * stack.settings.patience_seconds)
    await stack.broker.start()


async def from_the_start(stack: Stack, rng: random.Random) -> None:
    """All commands are consumed again by a new group, beside the old one, up to the end."""
    settings, stop = stack.settings, asyncio.Event()
    group = f"again-{rng.getrandbits(32):08x}"
    async with AsyncExitStack() as closing:
        log, outbox, cluster = await closing.enter_async_context(ground(settings, group))
        handler = CommandHandler(log, Directory(log.pool), now)
        worker = CommandWorker(handler, Desk(log, now), outbox, cluster, WITHIN)
        inbox = Inbox(
            cluster,
            group=group,
            topics=[topics.COMMANDS],
            handle=worker.handle,
            max_records=settings.command_batch,
            silence_seconds=settings.silence_seconds,
        )
        running = asyncio.create_task(inbox.run(stop))
        offsets = await closing.enter_async_context(GroupOffsets(cluster, group, [topics.COMMANDS]))
        ends = await offsets.ends()

        async def reached() -> bool:
            if running.done():
                running.result()
            handled = await offsets.handled()
            return all(handled[place] >= end for place, end in ends.items())

        try:
            assert await until(reached, within=WITHIN), "the new group never reached the end"
        finally:
            stop.set()
            await running


ANYWHERE: tuple[Fault, ...] = (
    *(Fault(f"kill {name}", name, partial(kill, name)) for name in RUNS),
    *(Fault(f"oversleep {name}", name, partial(oversleep, name)) for name in RUNS),
    Fault("workers join and leave", "churn", churn),
    Fault("PostgreSQL stops", "servers", postgres_stops),
    Fault("commands from the start", "servers", from_the_start),
)
"""On both brokers; the embedded one forgets its topics when it stops."""
ON_APACHE: tuple[Fault, ...] = (
    Fault("the broker stops", "servers", broker_stops),
    Fault("the broker dies", "servers", broker_dies),
)
LONG_ON_APACHE: tuple[Fault, ...] = (Fault("the broker stays away", "servers", broker_stays_away),)
