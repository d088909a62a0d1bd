"""kill -9 of dispatchers under load: each message arrives, and in order where it is promised."""

from __future__ import annotations

import asyncio
import random
import sys
from collections import defaultdict
from typing import TYPE_CHECKING

from services.runtime.embedded.waiting import until
from tests.integration.webhooks.conftest import webhook
from tests.support.receivers import TAKEN, receiver

if TYPE_CHECKING:
    from asyncio.subprocess import Process

    from contracts.webhooks import Webhook
    from tests.integration.webhooks.conftest import Office
    from tests.support.receivers import Line, Request

LEARNERS, MESSAGES, KILLS = 12, 600, 3


async def test_nothing_is_lost_by_kill_9(office: Office, database_url: str) -> None:
    # Two dispatchers share the queue and are killed in the middle of what they send; leases end,
    # whoever is next goes on. An endpoint that wants order never sees a learner's step backwards.
    seed = random.randrange(2**32)
    chance = random.Random(seed)

    async def slowly(_: Request, line: Line) -> None:
        await asyncio.sleep(chance.uniform(0.001, 0.01))
        line.writer.write(TAKEN)

    async with receiver(slowly) as any_order, receiver(slowly) as in_order:
        one = await office.endpoint(any_order.url, concurrency=8)
        two = await office.endpoint(in_order.url, concurrency=8, ordered=True)
        await office.queue(*(_message(n) for n in range(MESSAGES)))
        running = [await _dispatcher(database_url), await _dispatcher(database_url)]
        try:
            for part in range(1, KILLS + 1):
                wanted = MESSAGES * part // (KILLS + 1)

                async def has_come(wanted: int = wanted) -> bool:
                    return len(set(any_order.ids)) >= wanted and len(set(in_order.ids)) >= wanted

                assert await until(has_come, within=60), f"seed {seed}"
                victim = running.pop(chance.randrange(len(running)))
                victim.kill()
                await victim.wait()
                running.append(await _dispatcher(database_url))

            async def is_done() -> bool:
                return not await office.pool.fetchval(
                    "select count(*) from webhook_deliveries where state = 'pending'"
                )

            assert await until(is_done, within=60), f"seed {seed}"
        finally:
            for process in running:
                process.kill()
                await process.wait()
    wanted_ids = {f"msg_{n}" for n in range(MESSAGES)}
    assert set(any_order.ids) == wanted_ids
    assert set(in_order.ids) == wanted_ids
    assert {it[1] for it in await office.deliveries(one)} == {"delivered"}
    assert {it[1] for it in await office.deliveries(two)} == {"delivered"}
    numbers: dict[str, list[int]] = defaultdict(list)
    for request in in_order.seen:
        numbers[request.json["data"]["user"]["id"]].append(int(request.id.removeprefix("msg_")))
    assert all(it == sorted(it) for it in numbers.values()), f"seed {seed}"
    assert len(any_order.ids) < 2 * MESSAGES, "what was delivered is not sent again and again"


def _message(number: int) -> Webhook:
    return webhook(number, learner=f"learner-{number % LEARNERS}")


async def _dispatcher(database: str) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.dispatching", database)
    )
