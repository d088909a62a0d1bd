"""What the commands of ``coursemark mail`` do."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.cli.errors import CommandError
from services.cli.running import database
from services.domain.addresses import BadAddressError
from services.mailer.administration import Administration, Again, MailRow
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from services.mailer.ledger import State


async def mails(
    settings: Settings, school: str | None, state: "State | None", limit: int
) -> Sequence[MailRow]:
    """Rows of the ledger."""
    async with database(settings) as pool:
        return await Administration(pool).mails(school, state, limit)


async def mail(settings: Settings, id_: UUID) -> MailRow | None:
    """One row."""
    async with database(settings) as pool:
        return await Administration(pool).mail(id_)


async def resend(settings: Settings, ids: Sequence[UUID]) -> dict[UUID, Again]:
    """Each to be sent again, and what became of the wish."""
    async with database(settings) as pool:
        told = Administration(pool)
        return {id_: await told.resend(id_, _now()) for id_ in ids}


async def suppress(settings: Settings, school: str, user: str, *, lift: bool) -> str:
    """Suppress, or lift it; returns what to say."""
    async with database(settings) as pool:
        told = Administration(pool)
        if not lift:
            await told.suppress(school, user, _now())
            return f"{user} of {school} is written to no more."
        if await told.unsuppress(school, user):
            return f"{user} of {school} is written to again."
        return f"{user} of {school} was not suppressed."


async def unsubscribe(settings: Settings, token: UUID) -> tuple[str, str] | None:
    """School and user of the token, suppressed now."""
    async with database(settings) as pool:
        return await Administration(pool).unsubscribe(token, _now())


async def sender(settings: Settings, school: str, address: str | None, name: str | None) -> str:
    """Set a school's sender, or remove it; returns what to say.

    Raises:
        CommandError: the address is none.
    """
    async with database(settings) as pool:
        told = Administration(pool)
        if address is None:
            await told.remove_sender(school)
            return f"E-mails of {school} come from the installation's sender."
        try:
            await told.set_sender(school, address, name)
        except BadAddressError as error:
            raise CommandError(f"That is no address to send from: {error}.") from None
        return f"E-mails of {school} come from {address}."


def _now() -> datetime:
    return datetime.now(UTC)
