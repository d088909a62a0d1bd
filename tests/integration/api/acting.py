"""The API with the parts that carry operations out, for the tests of what acts."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from services.runtime.embedded.waiting import until
from tests.integration.api.conftest import alone

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from contextlib import AbstractAsyncContextManager

    import aiohttp

    from services.runtime.embedded import EmbeddedPostgres
    from services.store.tokens import Scope
    from tests.integration.api.conftest import Api

EVERY: tuple[Scope, ...] = ("commands", "manage", "read")


@asynccontextmanager
async def acting(
    kafka: str, postgres: EmbeddedPostgres, *parts: str, **more: Any
) -> AsyncIterator[Api]:
    """The API, who carries commands and operations out, and other parts."""
    names = "command-worker", "operations", *parts
    async with alone(kafka, postgres, *names, **more) as made:
        yield made


def listening(
    api: Api, operation: str, token: str, last: int | None = None
) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
    """The stream of an operation, opened."""
    headers = {"Authorization": f"Bearer {token}"}
    if last is not None:
        headers["Last-Event-ID"] = str(last)
    return api.client.get(f"{api.where}/v1/operations/{operation}/events", headers=headers)


async def ended(api: Api, operation: str, token: str) -> Mapping[str, Any]:
    """The operation, once it has ended."""
    found: Mapping[str, Any] = {}

    async def has() -> bool:
        nonlocal found
        found = (await api.ask("GET", f"/v1/operations/{operation}", token)).body
        return found.get("ended_at") is not None

    assert await until(has, within=60, every=0.05), found
    return found
