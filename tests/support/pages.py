"""Pages of a list over HTTP, followed by their links to the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.integration.api.conftest import Api

MOST = 100
"""Pages, so that one that leads to itself does not lead on for ever."""


async def pages(api: Api, path: str, token: str, name: str) -> list[list[Any]]:
    """The lists of that name on each page."""
    found: list[list[Any]] = []
    following: str | None = path
    while following is not None and len(found) < MOST:
        page = await api.ask("GET", following, token)
        assert page.status == 200, page.body
        found.append(page.body[name])
        following = next_of(page.headers)
    return found


def next_of(headers: Any) -> str | None:
    """The address of the next page."""
    link = headers.get("Link")
    if link is None:
        return None
    assert link.endswith('>; rel="next"')
    return str(link.removeprefix("<").partition(">")[0])
