"""The audit log of the token's school, by an API."""

from collections.abc import Sequence
from uuid import UUID

from services.cli.stack.session import PAGE, Session, first
from services.store.audit import Entry, Wanted


class RemoteAudits:
    """An ``Audits``."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._client = session.client

    async def newest(self, wanted: Wanted, limit: int) -> Sequence[Entry]:
        """Page by page."""
        school = (await self._session.me()).school
        await self._session.check(wanted.school or school)
        told = self._client.audit(
            since=wanted.since,
            until=wanted.until,
            caller=wanted.caller,
            actor=wanted.actor,
            operation=wanted.operation,
            status=tuple(wanted.statuses or ()),
            limit=min(limit, PAGE),
        )
        return [
            Entry(**dict(it) | {"id": UUID(it.id), "school": school})
            for it in await first(told, limit)
        ]
