"""What is wrong, as RFC 9457 has it: a stable code, what happened, what to do."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.store.failures import passes

_STATUS = {
    404: ("not_found", "There is nothing here; see docs/how-to/zapier.md."),
    405: ("method_not_allowed", "This address takes another method."),
}


class Problem(Exception):  # noqa: N818 - RFC 9457's word
    """Ends a request; ``code`` is stable."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail


async def answer(_request: Request, error: Exception) -> Response:
    """The answer to a problem."""
    if isinstance(error, HTTPException):
        code, detail = _STATUS.get(error.status_code, ("refused", error.detail))
        return problem(Problem(error.status_code, code, detail))
    if isinstance(error, Problem):
        return problem(error)
    if passes(error):
        return problem(Problem(503, "server_away", "The database is away; ask again soon."))
    return problem(Problem(500, "internal_error", "A fault of Coursemark; its log says more."))


def problem(error: Problem) -> Response:
    """``application/problem+json``."""
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}  # noqa: PLR2004
    body = {
        "type": "about:blank",
        "title": error.code.replace("_", " "),
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
    }
    return JSONResponse(body, error.status, headers, media_type="application/problem+json")
