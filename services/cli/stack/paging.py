"""A page as large as a command wants it, in pages as large as an API gives them."""

from dataclasses import replace
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from contracts.client import AsyncClient
from contracts.client.calls.call import Call, Page
from services.cli.stack.session import PAGE

T = TypeVar("T")


async def page(
    client: AsyncClient, call: Call[Page[T]], limit: int, after: str | None
) -> tuple[list[T], str | None]:
    """So many items behind the cursor, and the cursor that leads on; none: there are no more."""
    found: list[T] = []
    while True:
        size = {"limit": str(min(limit - len(found), PAGE))}
        more = size if after is None else size | {"cursor": after}
        part = await client.ask(replace(call, query=[*call.query, *more.items()]))
        found += part.items
        after = _cursor(part)
        if after is None or len(found) >= limit:
            return found, after


def _cursor(part: Page[T]) -> str | None:
    if part.after is None:
        return None
    [cursor] = parse_qs(urlsplit(part.after).query)["cursor"]
    return cursor
