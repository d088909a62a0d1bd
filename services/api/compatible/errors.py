"""What is wrong, as LearnWorlds' API tells it.

Source: "Status Codes and Errors" of the OpenAPI document of its API v2: a list of errors for a
request or a token that is refused, one sentence for everything else.
"""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.compatible import ErrorEntry, Errors, ErrorText
from services.api.documenting import Node, described
from services.api.web.answers import answered
from services.api.web.invalid import problem_of as invalid
from services.api.web.methods import whole
from services.http.problems import Problem, headers_of, problem, problem_of

BASE = "/admin/api/v2"
TOO_MANY = 429
TOO_MANY_SAYS = "Too many requests"
_LISTED = frozenset({400, 401, 403})
_VALIDATION = 422

_VALIDATION_SAYS = "What was sent is not as it has to be, or cannot be done as things stand."
_EACH = 401, 403, 404, 422, 429, 503
"""Errors that each of these addresses may answer."""

Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]


def by_address(handlers: Mapping[Any, Handler]) -> dict[Any, Handler]:
    """The handlers of an application; at these addresses they tell an error as LearnWorlds does."""
    return {kind: _by_address(ours) for kind, ours in handlers.items()}


def _by_address(ours: Handler) -> Handler:
    async def answer(request: Request, error: Exception) -> Response:
        if _is_theirs(request):
            return theirs(request, _problem(request, error))
        return await ours(request, error)

    return answer


def told(request: Request, error: Problem) -> Response:
    """A problem that no handler gets, by the same rule."""
    return theirs(request, error) if _is_theirs(request) else problem(request, error)


def _is_theirs(request: Request) -> bool:
    return request.url.path.startswith(f"{BASE}/")


def _problem(request: Request, error: Exception) -> Problem:
    if isinstance(error, RequestValidationError):
        found = invalid(error)
        return Problem(_VALIDATION, found.code, found.detail)
    if isinstance(error, HTTPException):
        error = whole(request, error)
    return problem_of(request, error)


def theirs(request: Request, error: Problem) -> Response:
    """The answer; ``request.state.code`` has the code for who looks on."""
    request.state.code = error.code
    headers = headers_of(error)
    if error.status in _LISTED:
        entry = ErrorEntry(code=str(error.status), context=error.code, message=error.detail)
        return answered(Errors(errors=(entry,)), headers=headers, status=error.status)
    says = TOO_MANY_SAYS if error.status == TOO_MANY else error.detail
    return answered(ErrorText(error=says, code=error.code), headers=headers, status=error.status)


def errors(*statuses: int) -> dict[int | str, Node]:
    """Responses of an endpoint in the document, beside those that each of them has."""
    return {status: _error(status) for status in (*statuses, *_EACH)}


def _error(status: int) -> Node:
    told = described(status, model=Errors if status in _LISTED else ErrorText)
    return told | {"description": _VALIDATION_SAYS} if status == _VALIDATION else told
