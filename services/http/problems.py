"""What is wrong, as RFC 9457 has it: a stable code, what happened, what to do."""

import logging
from collections.abc import Mapping
from typing import Any

import asyncpg
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.store.failures import PASSING, passes

MEDIA_TYPE = "application/problem+json"
AGAIN_SECONDS = 2
"""After which it is worth asking again where a server is away."""
NOT_BUILT = (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError)
"""What PostgreSQL says where a view is not there."""
_BUILT_SECONDS = 60
UNAUTHORIZED = 401
NOT_FOUND = 404
METHOD_NOT_ALLOWED = 405

log = logging.getLogger(__name__)


class Problem(Exception):  # noqa: N818 - RFC 9457's word
    """Ends a request; ``code`` is stable, ``more`` are members beside the standard ones."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers or {}
        self.more = more or {}


def away(what: str) -> Problem:
    """503: a server that is needed does not answer."""
    return Problem(
        503,
        "server_away",
        f"{what} is away; ask again soon.",
        headers={"Retry-After": str(AGAIN_SECONDS)},
    )


def not_built(what: str) -> Problem:
    """503: a view that is asked was not built yet, or is being built anew."""
    return Problem(
        503,
        "not_ready",
        f"{what} is not built yet; ask again in a minute.",
        headers={"Retry-After": str(_BUILT_SECONDS)},
    )


def problem_of(request: Request, error: Exception) -> Problem:
    """What ended a request; that a server is away is logged."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        return _refused(error)
    if passes(error):
        route = request.scope.get("route")  # an address may have a person's e-mail address in it
        path = getattr(route, "path", request.url.path)
        log.warning("%s %s: %s", request.method, path, type(error).__name__)
        return away("The database")
    return Problem(500, "internal_error", "A fault of Coursemark; its log says more.")


async def answer(request: Request, error: Exception) -> Response:
    """The answer to whatever ended a request; the server logs what nobody expected."""
    return problem(request, problem_of(request, error))


HANDLERS: Mapping[Any, Any] = dict.fromkeys((Problem, HTTPException, *PASSING, Exception), answer)
"""By exception, as an application takes them; those that pass are named, so that no server logs
them as faults."""


def headers_of(error: Problem) -> dict[str, str]:
    """Its headers, with the challenge of a 401."""
    challenge = {"WWW-Authenticate": "Bearer"} if error.status == UNAUTHORIZED else {}
    return {**challenge, **error.headers}


def problem(request: Request, error: Problem) -> Response:
    """``application/problem+json``; ``request.state.code`` has its code for who looks on."""
    request.state.code = error.code
    body = {
        "type": f"urn:coursemark:problem:{error.code}",
        "title": error.code.replace("_", " ").capitalize(),
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
        "instance": address_of(request),
        **error.more,
    }
    return JSONResponse(body, error.status, headers_of(error), media_type=MEDIA_TYPE)


def address_of(request: Request) -> str:
    """The path as it was asked for, percent-encoded."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return raw.decode("ascii", "replace")


def _refused(error: HTTPException) -> Problem:
    code, detail = {
        NOT_FOUND: ("not_found", "There is nothing here; check the address."),
        METHOD_NOT_ALLOWED: ("method_not_allowed", "This address takes another method."),
    }.get(error.status_code, ("refused", error.detail))
    return Problem(error.status_code, code, detail, headers=error.headers)
