"""Pages by key: so many at a time, and a link to the next."""

from typing import Annotated

from fastapi import Query
from starlette.requests import Request

Limit = Annotated[int, Query(ge=1, le=200, description="Entries of a page.")]
Cursor = Annotated[
    str | None, Query(max_length=300, description="Where a page begins: as Link had it.")
]


def following(request: Request, cursor: str | None) -> dict[str, str]:
    """The header ``Link`` (RFC 8288) to the next page, where there is one."""
    if cursor is None:
        return {}
    url = request.url.include_query_params(cursor=cursor)
    path = request.scope.get("raw_path", b"").decode("ascii") or url.path
    return {"Link": f'<{path}?{url.query}>; rel="next"'}
