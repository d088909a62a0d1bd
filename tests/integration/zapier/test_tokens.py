"""Tokens from the command line: shown once, listed without the secret, revoked."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.store.tokens import Tokens
from tests.support.command_line import Done, coursemark, json_lines

if TYPE_CHECKING:
    from tests.integration.zapier.conftest import Side


async def call(url: str, *words: str) -> Done:
    return await asyncio.to_thread(coursemark, "tokens", *words, "--database", url)


async def test_a_token_is_shown_once(side: Side, database_url: str) -> None:
    made = await call(database_url, "create", "riverside", "zapier", "--days", "30")
    secret = made.stdout.strip()
    assert (await side.ask("GET", "/zapier/me", secret))[0] == 200
    second = json.loads((await call(database_url, "create", "riverside", "b", "--json")).stdout)
    for words in (("list", "riverside"), ("list", "riverside", "--json")):
        said = (await call(database_url, *words)).stdout
        assert second["id"] in said
        assert secret not in said
        assert second["secret"] not in said
    assert (await call(database_url, "list", "lakeside")).stdout.count("tok_") == 0
    found: list[Any] = json_lines((await call(database_url, "list", "riverside", "--json")).stdout)
    ends = datetime.fromisoformat(found[0]["expires_at"])
    assert timedelta(days=29) < ends - datetime.now(UTC) <= timedelta(days=30)
    assert found[1]["expires_at"] is None

    assert (await call(database_url, "revoke", "lakeside", second["id"])).returncode == 1
    assert (await call(database_url, "revoke", "riverside", second["id"])).returncode == 0
    assert (await call(database_url, "revoke", "riverside", second["id"])).returncode == 1
    assert await Tokens(side.pool).find(second["secret"], datetime.now(UTC)) is None
    wrong = await call(database_url, "create", "riverside", "x", "--scope", "everything")
    said = "the scopes are commands, manage, read, signals, zapier"
    assert (wrong.returncode, said in wrong.stderr) == (2, True)


async def test_a_token_for_commands_names_its_user(side: Side, database_url: str) -> None:
    scopes = ("--scope", "commands", "--scope", "read")
    nobody = await call(database_url, "create", "riverside", "registrar", *scopes)
    assert (nobody.returncode, "--actor" in nobody.stderr) == (2, True)
    made = await call(database_url, "create", "riverside", "registrar", *scopes, "--actor", "u-7")
    token = await Tokens(side.pool).find(made.stdout.strip(), datetime.now(UTC))
    assert token is not None
    assert (token.actor, token.scopes) == ("u-7", ["commands", "read"])
    assert "u-7" in (await call(database_url, "list", "riverside")).stdout
