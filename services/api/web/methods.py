"""Which methods an address takes, where several routes have it."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from services.http.problems import METHOD_NOT_ALLOWED, answer


async def refused(request: Request, error: HTTPException) -> Response:
    """The answer of the framework's own refusals."""
    return await answer(request, whole(request, error))


def whole(request: Request, error: HTTPException) -> HTTPException:
    """The refusal; a 405 has all methods (RFC 9110 §15.5.6)."""
    methods = _methods(request) if error.status_code == METHOD_NOT_ALLOWED else []
    if not methods:
        return error
    return HTTPException(METHOD_NOT_ALLOWED, headers={"Allow": ", ".join(methods)})


def _methods(request: Request) -> list[str]:
    """Of the routes that the application holds ready, those at the address."""
    routes: list[Route] = request.app.state.routes
    there = (it for it in routes if it.matches(request.scope)[0] is not Match.NONE)
    return sorted({method for it in there for method in it.methods or ()})
