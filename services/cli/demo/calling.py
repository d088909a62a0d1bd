"""Asking the API as an integrator does: with a token of a user of a school."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

import aiohttp
import asyncpg

from services.cli.demo.script import Call
from services.store.tokens import Tokens

WAIT_SECONDS = 10


class Answer(NamedTuple):
    """What the API said."""

    status: int
    body: dict[str, Any]


class Caller:
    """Makes a token for each who asks; ``where`` is the API's address."""

    def __init__(self, pool: asyncpg.Pool, where: str) -> None:
        self._tokens = Tokens(pool)
        self._where = where
        self._secrets: dict[tuple[str, str], str] = {}

    async def ask(self, call: Call) -> Answer:
        """The answer, whatever it is."""
        headers = {"Authorization": f"Bearer {await self._secret(call.school, call.actor)}"}
        if call.key is not None:
            headers |= {"Idempotency-Key": f'"{call.key}"', "Prefer": f"wait={WAIT_SECONDS}"}
        async with (
            aiohttp.ClientSession(self._where, headers=headers) as session,
            session.request(call.method, call.path, json=call.body) as got,
        ):
            return Answer(got.status, await got.json(content_type=None))

    async def _secret(self, school: str, actor: str) -> str:
        if (school, actor) not in self._secrets:
            made = await self._tokens.create(
                school, "demo", ["commands", "read"], datetime.now(UTC), actor=actor
            )
            self._secrets[school, actor] = made.secret
        return self._secrets[school, actor]
