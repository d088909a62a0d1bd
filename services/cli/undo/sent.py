"""What was sent, and stays sent when what led to it is taken back (B7)."""

from typing import TYPE_CHECKING

from services.cli.many.options import How

if TYPE_CHECKING:
    import asyncpg


async def stays_sent(
    pool: "asyncpg.Pool", school: str, id_: str, *, operation: bool, how: How
) -> None:
    """List it: e-mails, webhooks by endpoint, Zaps, awarded programmes."""
