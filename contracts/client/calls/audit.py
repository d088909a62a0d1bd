"""The school's audit log."""

from collections.abc import Sequence
from datetime import datetime

from ...api.audit import Audit, Audited
from .call import Call, Page, pages


def audit(
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    caller: str | None = None,
    actor: str | None = None,
    operation: str | None = None,
    status: Sequence[int] = (),
    limit: int | None = None,
) -> Call[Page[Audited]]:
    """Who was refused, and who changed what, over HTTP, the newest first."""
    return pages(
        *("/v1/audit", Audit, lambda it: it.entries),
        query={
            "since": since,
            "until": until,
            "caller": caller,
            "actor": actor,
            "operation": operation,
            "status": [str(it) for it in status],
            "limit": limit,
        },
    )
