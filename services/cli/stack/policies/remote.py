"""A policy by an API, which lets no administrator alone lift what needs two."""

from contracts.api.policy import SchoolPolicy
from services.cli.stack.session import Session
from services.domain.policy import Policy


class RemotePolicies:
    """A ``Policies``."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._client = session.client

    async def read(self, school: str) -> Policy:
        """The token's school's."""
        await self._session.check(school)
        told = await self._client.policy()
        reasons = None if told.reasons is None else frozenset(told.reasons)
        return Policy(**dict(told) | {"reasons": reasons})

    async def put(self, school: str, policy: Policy) -> None:
        """The whole of it."""
        await self._session.check(school)
        reasons = None if policy.reasons is None else tuple(sorted(policy.reasons))
        await self._client.set_policy(SchoolPolicy(**policy._asdict() | {"reasons": reasons}))
