"""Pages by key: so many at a time, and a link to the next."""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Query
from starlette.requests import Request

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
    if len(found) <= limit:
        return page, {}
    url = request.url.include_query_params(cursor=cursor_of(page[-1]))
    return page, {"Link": f'<{address_of(request)}?{url.query}>; rel="next"'}
