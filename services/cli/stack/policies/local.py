"""Policies in their table: whoever reaches it may set them as they like."""

from services.cli.stack.policies.port import UnknownSchoolError
from services.cli.stack.servers import Servers
from services.domain.policy import Policy
from services.store.directory import Directory
from services.store.policies import policy_of, set_policy


class LocalPolicies:
    """A ``Policies``."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers

    async def read(self, school: str) -> Policy:
        """From the table."""
        pool = await self._servers.pool()
        if school not in (await Directory(pool).facts([school], [])).plans:
            raise UnknownSchoolError(
                f"The directory has no school {school}; check the id, or publish the school."
            )
        return await policy_of(pool, school)

    async def put(self, school: str, policy: Policy) -> None:
        """Into the table."""
        await set_policy(await self._servers.pool(), school, policy)
