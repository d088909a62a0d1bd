"""Webhook endpoints in their tables."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

from contracts.api.webhooks import NewEndpoint, Resend, RotateSecret
from services.cli.stack.servers import Servers
from services.cli.stack.webhooks.port import ANSWER_SECONDS
from services.runtime.clock import now
from services.webhooks.deliveries import Attempt, Deliveries, Delivery, State, chosen
from services.webhooks.endpoints import Endpoint, Endpoints, Made, wanted
from services.webhooks.signing import read_secret

_LOOK_SECONDS = 0.2


class LocalWebhooks:
    """``Webhooks``."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers

    async def add(self, school: str, asked: NewEndpoint) -> Made:
        """It gets what is queued from now on."""
        endpoints, secret = await self._endpoints(), _secret(asked)
        return await endpoints.create(school, wanted(asked), now(), secret=secret)

    async def all(self, school: str) -> Sequence[Endpoint]:
        """All of them."""
        return await (await self._endpoints()).list(school)

    async def one(self, school: str, endpoint: str) -> tuple[Endpoint, Mapping[str, int]]:
        """By its id."""
        found = await (await self._endpoints()).get(school, endpoint)
        return found, await (await self._deliveries()).counts(school, endpoint)

    async def enable(self, school: str, endpoint: str, *, leave_parked: bool) -> int:
        """With what is parked, or without."""
        endpoints = await self._endpoints()
        return await endpoints.enable(school, endpoint, now(), leave_parked=leave_parked)

    async def disable(self, school: str, endpoint: str) -> int:
        """By an administrator."""
        return await (await self._endpoints()).disable(school, endpoint, now())

    async def remove(self, school: str, endpoint: str) -> None:
        """By its id."""
        await (await self._endpoints()).remove(school, endpoint)

    async def rotate(self, school: str, endpoint: str, how: RotateSecret) -> Made:
        """The old one signs a while longer."""
        endpoints, overlap = await self._endpoints(), timedelta(hours=how.overlap_hours)
        return await endpoints.rotate(school, endpoint, now(), overlap, secret=_secret(how))

    async def deliveries(
        self, school: str, endpoint: str, state: State | None, limit: int
    ) -> Sequence[Delivery]:
        """So many of the newest."""
        log = await self._deliveries()
        return await log.of(school, endpoint, state=state, limit=limit)

    async def attempts(self, school: str, endpoint: str, message: str) -> Sequence[Attempt]:
        """As they are on record."""
        return await (await self._deliveries()).attempts(school, endpoint, message)

    async def resend(self, school: str, endpoint: str, asked: Resend) -> int:
        """Under the same ids."""
        return await (await self._deliveries()).resend(school, endpoint, chosen(asked), now())

    async def test(self, school: str, endpoint: str) -> Attempt | None:
        """Looks for its first attempt until that is there."""
        log = await self._deliveries()
        message = await log.test(school, endpoint, now())
        deadline = asyncio.get_running_loop().time() + ANSWER_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            found = await log.attempts(school, endpoint, message)
            if found:
                return found[0]
            await asyncio.sleep(_LOOK_SECONDS)
        return None

    async def _endpoints(self) -> Endpoints:
        return Endpoints(await self._servers.pool())

    async def _deliveries(self) -> Deliveries:
        return Deliveries(await self._servers.pool())


def _secret(asked: NewEndpoint | RotateSecret) -> bytes | None:
    return None if asked.secret is None else read_secret(asked.secret)
