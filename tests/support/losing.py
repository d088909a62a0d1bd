"""A network that loses the answers to some requests, which the API has had."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import httpx

from contracts.client import AsyncClient
from contracts.client.retrying import Retries
from services.cli.stack import client as clients

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest


BRIEFLY = Retries(first=0.01)
"""As often as ever, and soon."""


class Losing(httpx.AsyncHTTPTransport):
    """The network, without those answers."""

    def __init__(self, loses: Callable[[httpx.Request], bool]) -> None:
        super().__init__()
        self._loses = loses

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await super().handle_async_request(request)
        if not self._loses(request):
            return answer
        await answer.aclose()
        raise httpx.ReadError("lost")


def losing(patch: pytest.MonkeyPatch, loses: Callable[[httpx.Request], bool]) -> None:
    """Let the command line ask an API over it."""
    over = partial(AsyncClient, transport=Losing(loses), retries=BRIEFLY)
    patch.setattr(clients, "AsyncClient", over)
