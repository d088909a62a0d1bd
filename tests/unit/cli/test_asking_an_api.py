"""What the command line asks an API for, and what it makes of an answer."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from contracts.api.users import LONGEST_NAME
from contracts.client import AsyncClient
from contracts.commands import EnrollLearner
from services.cli.errors import WrongSettingsError
from services.cli.send.outgoing import prepared
from services.cli.stack.client import client_of
from services.cli.stack.remote import RemoteStack
from services.cli.stack.session import Session
from tests.unit.client.conftest import answer, problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from services.cli.send.outcomes import Outcome

ME = {"school": "riverside", "token": "tok_1", "actor": "u-7"}
ENROL = EnrollLearner(school="riverside", learner="u-1204", course="biology-1")


def asked(
    use: Callable[[RemoteStack], Awaitable[Any]],
    said: Callable[[httpx.Request], httpx.Response],
) -> Any:
    """What comes of it where an API says that."""

    async def slept(_: float) -> None:
        pass

    async def run() -> Any:
        transport = httpx.MockTransport(said)
        more: Any = {"transport": transport, "sleep": slept}
        async with AsyncClient("https://api.example", "cm_one", **more) as client:
            return await use(RemoteStack(Session(client)))

    return asyncio.run(run())


# B1: what is under way may still be carried out, and nobody is told that it was refused.
@pytest.mark.parametrize(
    ("code", "kind"), [("in_progress", "no_result"), ("key_reused", "rejected")]
)
def test_a_command_that_is_being_carried_out_is_not_told_as_rejected(code: str, kind: str) -> None:
    told: list[Outcome] = []
    line = prepared(1, ENROL)
    asked(lambda it: it.converse([line], 30, told.append), lambda _: problem(409, code))
    assert [it.kind for it in told] == [kind]


# M2: a name that no user can have is unknown, as it is by the servers.
def test_a_name_that_cannot_be_one_is_nobodys() -> None:
    heard: list[list[str]] = []

    def said(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return answer(200, ME)
        heard.append(json.loads(request.content)["names"])
        return answer(200, {"users": [{"asked": "u-1", "user": "u-1", "role_level": "user"}]})

    wrong = ["", "a\0b", "x" * (LONGEST_NAME + 1)]
    longest = "x" * LONGEST_NAME
    found = asked(lambda it: it.users("riverside", [*wrong, "u-1", longest]), said)
    assert (found, heard) == ({"u-1": ["u-1"]}, [["u-1", longest]])
    assert asked(lambda it: it.users("riverside", wrong), said) == {}
    assert len(heard) == 1


@pytest.mark.parametrize(
    ("server", "token", "said"),
    [
        ("https://api.example", "cm_ü", "The token is empty"),
        ("https://api.example:abc", "cm_one", "The server's address"),
    ],
)
def test_what_the_settings_say_wrong_is_told_by_its_name(
    server: str, token: str, said: str
) -> None:
    with pytest.raises(WrongSettingsError, match=f"^{said}") as told:
        client_of(server, token)
    assert token not in str(told.value)
