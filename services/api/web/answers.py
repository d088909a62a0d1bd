"""Answers: JSON that a client may keep and ask about again by its ETag."""

from collections.abc import Mapping
from hashlib import blake2b

from starlette.requests import Request
from starlette.responses import Response

from contracts.envelope import JSON
from contracts.model import Contract


def answered(
    said: Contract,
    request: Request | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    status: int = 200,
) -> Response:
    """The message; with a request 304 where its If-None-Match has the same already."""
    return of_bytes(said.to_json(), request, headers, status=status)


def of_bytes(
    body: bytes,
    request: Request | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    status: int = 200,
) -> Response:
    """The same for JSON that is written already."""
    told = dict(headers or {})
    if request is not None:
        tag = f'"{blake2b(body, digest_size=16).hexdigest()}"'
        told |= {"ETag": f"W/{tag}", "Cache-Control": "private, no-cache"}
        if _has(request, tag):
            return Response(status_code=304, headers=told)
    return Response(body, status, told, media_type=JSON)


def _has(request: Request, tag: str) -> bool:
    """RFC 9110 §13.1.2: by weak comparison, one of several, or any."""
    given = ",".join(request.headers.getlist("if-none-match")).split(",")
    return any(it.strip().removeprefix("W/") in {tag, "*"} for it in given)
