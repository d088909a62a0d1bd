"""Both clients, before a server that says what it was told to say."""

from __future__ import annotations

import asyncio
import inspect
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from contracts.client import AsyncClient, Client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECRET = "cm_never-to-be-seen"  # noqa: S105 - a made-up one
Said = httpx.Response | Exception


def answer(status: int, body: Any, **headers: str) -> httpx.Response:
    """An answer of JSON; ``retry_after`` is Retry-After."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, content=json.dumps(body).encode(), headers=named)


def problem(status: int, code: str, **headers: str) -> httpx.Response:
    """A problem document."""
    body = {"status": status, "code": code, "detail": f"It is {code}."}
    return answer(status, body, **headers)


@dataclass
class Server:
    """What it will say, one answer a request, and what it heard; ``slept``: the client's pauses."""

    say: list[Said] = field(default_factory=list)
    heard: list[httpx.Request] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.heard.append(request)
        said = self.say.pop(0)
        if isinstance(said, Exception):
            raise said
        return httpx.Response(said.status_code, headers=said.headers, content=said.content)


@dataclass
class Asker:
    """One of the two clients, asked alike: ``run(lambda client: client.me())``."""

    client: Any
    server: Server

    def run(self, ask: Callable[[Any], Any]) -> Any:
        """The answer; of a list all of its items."""
        return asyncio.run(self._run(ask))

    async def _run(self, ask: Callable[[Any], Any]) -> Any:
        said = ask(self.client)
        if inspect.isawaitable(said):
            return await said
        if hasattr(said, "__anext__"):
            return [it async for it in said]
        return list(said) if hasattr(said, "__next__") else said


@pytest.fixture(params=["blocking", "asyncio"])
def asker(request: pytest.FixtureRequest) -> Iterator[Asker]:
    """Each of the two."""
    server = Server()
    known: dict[str, Any] = {"chance": lambda: 0.5}
    client: Client | AsyncClient
    if request.param == "blocking":
        transport = httpx.MockTransport(server.answer)
        sleep = server.slept.append
        client = Client("https://api.example/", SECRET, transport=transport, sleep=sleep, **known)
    else:

        async def slept(seconds: float) -> None:
            server.slept.append(seconds)

        transport = httpx.MockTransport(server.answer)
        client = AsyncClient(
            "https://api.example/", SECRET, transport=transport, sleep=slept, **known
        )
    yield Asker(client, server)
    closed = client.close()
    if inspect.isawaitable(closed):
        asyncio.run(_awaited(closed))


async def _awaited(it: Any) -> None:
    await it
