"""Mailers killed at random moments: nobody gets two, everybody gets one or is listed (M5)."""

from __future__ import annotations

import asyncio
import random
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from services.runtime.embedded.waiting import until
from tests.integration.mailer.conftest import ada, completed
from tests.support.mail import Fault, mail_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.integration.mailer.conftest import Post

LEARNERS = 120
BY_CHANCE, BEFORE_THE_ANSWER = 4, 3
"""Kills at random moments, two mailers at work; and kills when the server has just taken one."""


@asynccontextmanager
async def mailing(database: str, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """A mailer's process, killed at the end if it still runs."""
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.mailing", database, str(port))
    )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


async def test_m5_killed_mailers_lose_nothing_and_send_nothing_twice(
    post: Post, database_url: str
) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    post.clock.now = datetime.now(UTC)
    people = [f"u-{n}" for n in range(LEARNERS)]
    await post.knows(*(ada(user=it, email=f"{it}@learner.test") for it in people))
    await post.intends(*map(completed, people))
    with mail_server() as server:

        async def killed_by_chance(kills: int) -> None:
            for _ in range(kills):
                async with mailing(database_url, server.port):
                    enough = len(server.taken) + chance.randint(1, LEARNERS // 10)

                    async def sent_some(enough: int = enough) -> bool:
                        return len(server.taken) >= enough

                    assert await until(sent_some, within=60), f"seed {seed}"
                    await asyncio.sleep(chance.uniform(0, 0.02))

        async def struck() -> bool:
            return not server.faults

        await asyncio.gather(*(killed_by_chance(BY_CHANCE // 2) for _ in range(2)))
        for _ in range(BEFORE_THE_ANSWER):
            server.faults += [Fault("end", "hang")]
            async with mailing(database_url, server.port):
                assert await until(struck, within=60), f"seed {seed}"

        async def at_rest() -> bool:
            left = "select count(*) from mails where state in ('intended', 'sending')"
            return await post.pool.fetchval(left) == 0

        async with mailing(database_url, server.port):
            assert await until(at_rest, within=60), f"seed {seed}"
        rows = await post.pool.fetch("select '<' || message_id || '>', state from mails")
        states = {row[0]: row[1] for row in rows}
        assert set(states.values()) <= {"sent", "unclear"}, f"seed {seed}"
        assert max(server.counted.values()) == 1, f"seed {seed}"
        sent = {id_ for id_, state in states.items() if state == "sent"}
        assert sent <= set(server.counted), f"seed {seed}"
        assert len(server.counted) - len(sent) >= BEFORE_THE_ANSWER, f"seed {seed}"
        assert len(states) - len(sent) <= BY_CHANCE + BEFORE_THE_ANSWER, f"seed {seed}"
