"""What the commands of ``coursemark webhooks`` do."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from services.cli.running import database, go
from services.runtime.settings import Settings
from services.webhooks.deliveries import Attempt, Deliveries
from services.webhooks.endpoints import Endpoints

if TYPE_CHECKING:
    import asyncpg

T = TypeVar("T")
ANSWER_SECONDS = 30
"""By then a test event is answered, or no dispatcher runs."""
_LOOK_SECONDS = 0.2


class Office(NamedTuple):
    """What a command asks."""

    endpoints: Endpoints
    deliveries: Deliveries
    now: datetime


def ask(settings: Settings, work: Callable[[Office], Awaitable[T]]) -> T:
    """Do it on the database."""

    async def answer() -> T:
        async with database(settings) as pool:
            return await work(_office(pool))

    return go(settings, answer())


def _office(pool: "asyncpg.Pool") -> Office:
    return Office(Endpoints(pool), Deliveries(pool), datetime.now(UTC))


async def test_event(office: Office, school: str, endpoint: str) -> Attempt | None:
    """Send one and wait for its first attempt; None where nobody made one in time."""
    id_ = await office.deliveries.test(school, endpoint, office.now)
    deadline = asyncio.get_running_loop().time() + ANSWER_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        found = await office.deliveries.attempts(school, endpoint, id_)
        if found:
            return found[0]
        await asyncio.sleep(_LOOK_SECONDS)
    return None
