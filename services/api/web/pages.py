"""Pages by key: so many at a time, and a link to the next."""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Query
from starlette.requests import Request

from services.http.paging import wrong_cursor
from services.http.problems import address_of

Limit = Annotated[int, Query(ge=1, le=200, description="Entries of a page.")]
Cursor = Annotated[
    str | None, Query(max_length=300, description="Where a page begins: as Link had it.")
]
Line = TypeVar("Line")


def paged(
    request: Request, found: Sequence[Line], limit: int, cursor_of: Callable[[Line], str]
) -> tuple[Sequence[Line], dict[str, str]]:
    """The page, and the header ``Link`` (RFC 8288) to the next where there is one.

    ``found``: one line more than the page holds, where there are so many.
    """
    page = found[:limit]
    return page, linked(request, cursor_of(page[-1]) if len(found) > limit else None)


def place_of(cursor: str, digits: int) -> int:
    """The place that a page goes on after, of so many digits at the most.

    Raises:
        Problem: 400.
    """
    if not (cursor.isascii() and cursor.isdecimal()) or len(cursor) > digits:
        raise wrong_cursor()
    return int(cursor)


def linked(request: Request, cursor: str | None, **more: str) -> dict[str, str]:
    """The header ``Link`` to the page that begins at the cursor, where there is one.

    ``more``: parameters that it has to have, whether or not this page was asked for with them.
    """
    if cursor is None:
        return {}
    url = request.url.include_query_params(**more, cursor=cursor)
    return {"Link": f'<{address_of(request)}?{url.query}>; rel="next"'}
