"""The audit log in its table: of one school, or of all and of callers of none."""

from collections.abc import Sequence

from services.cli.stack.servers import Servers
from services.store.audit import AuditLog, Entry, Wanted


class LocalAudits:
    """An ``Audits``."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers

    async def newest(self, wanted: Wanted, limit: int) -> Sequence[Entry]:
        """From the table."""
        return await AuditLog(await self._servers.pool()).page(wanted, limit=limit)
