"""Policies in their table: whoever reaches it may set them as they like."""

from services.cli.stack import schools
from services.cli.stack.servers import Servers
from services.domain.policy import Policy
from services.store.policies import policy_of, set_policy


class LocalPolicies:
    """A ``Policies``."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers

    async def read(self, school: str) -> Policy:
        """From the table."""
        pool = await self._servers.pool()
        await schools.check(pool, school)
        return await policy_of(pool, school)

    async def put(self, school: str, policy: Policy) -> None:
        """Into the table."""
        await set_policy(await self._servers.pool(), school, policy)
