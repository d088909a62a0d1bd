"""Bearer tokens of a school: made once, shown once, kept as a digest."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Literal, NamedTuple

import asyncpg

from services.store.scopes import SCOPES as SCOPES  # noqa: PLC0414 - theirs too
from services.store.scopes import Scope as Scope  # noqa: PLC0414
from services.store.sql import query

IN_A_NAME: frozenset[Scope] = frozenset({"commands", "manage", "read"})
"""Scopes of which a token belongs to a user."""
MARK = "cm_"
"""Every token begins so: whoever finds one in a file knows what it is."""
_BYTES = 32


class Token(NamedTuple):
    """A token without its secret; ``actor``: the user in whose name it asks, if any."""

    id: str
    school: str
    name: str
    scopes: Sequence[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    actor: str | None

    def ended(self, now: datetime) -> Literal["token_revoked", "token_expired"] | None:
        """Why it is good no more; none where it is."""
        if self.revoked_at is not None:
            return "token_revoked"
        return "token_expired" if self.expires_at is not None and self.expires_at <= now else None


class NoActorError(ValueError):
    """``no_actor``: a token of these scopes asks in the name of a user."""

    code = "no_actor"


class NewToken(NamedTuple):
    """The only time that the secret is shown."""

    id: str
    secret: str


class Tokens:
    """Reads and writes; ``pool`` reaches the database of the directory."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def create(
        self,
        school: str,
        name: str,
        scopes: Collection[Scope],
        now: datetime,
        expires_at: datetime | None = None,
        *,
        actor: str | None = None,
    ) -> NewToken:
        """Make a token.

        Raises:
            NoActorError: it is for a scope of ``IN_A_NAME``, and names no user.
        """
        if actor is None and IN_A_NAME & set(scopes):
            raise NoActorError(
                f"A token for {' or '.join(sorted(IN_A_NAME))} asks in the name of a user, whose "
                "role decides what it may do; name one."
            )
        id_, secret = f"tok_{secrets.token_hex(8)}", MARK + secrets.token_urlsafe(_BYTES)
        await self._pool.execute(
            query("token_create"),
            *(id_, school, name, _digest(secret), sorted(scopes), now, expires_at, actor),
        )
        return NewToken(id_, secret)

    async def of_school(self, school: str) -> list[Token]:
        """The school's tokens, the oldest first."""
        return [Token(*row) for row in await self._pool.fetch(query("token_list"), school)]

    async def revoke(self, school: str, id_: str, now: datetime) -> bool:
        """End a token; False where the school has none of that id that is valid."""
        return await self._pool.fetchval(query("token_revoke"), school, id_, now) is not None

    async def find(self, secret: str, now: datetime) -> Token | None:
        """The token with this secret, where it is valid now."""
        token = await self.look_up(secret, now)
        return None if token is None or token.ended(now) else token

    async def look_up(self, secret: str, now: datetime) -> Token | None:
        """The token with this secret, also where it has ``ended``."""
        row = await self._pool.fetchrow(query("token_find"), _digest(secret), now)
        return None if row is None else Token(*row)


def _digest(secret: str) -> bytes:
    # No salt: there is nothing to guess in 32 random bytes.
    return sha256(secret.encode("utf-8", "surrogateescape")).digest()
