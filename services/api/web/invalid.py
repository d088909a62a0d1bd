"""What is wrong with an address or its parameters, in the sentences of the contracts."""

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from pydantic_core import InitErrorDetails
from starlette.requests import Request
from starlette.responses import Response

from contracts.problems import details, sentence
from services.http.problems import Problem, problem


async def invalid(request: Request, error: RequestValidationError) -> Response:
    """400 in the words of ``contracts.problems``."""
    return problem(request, problem_of(error))


def problem_of(error: RequestValidationError) -> Problem:
    """The same before it is written."""
    found = ValidationError.from_exception_data(
        "request",
        [
            InitErrorDetails(
                type=it["type"], loc=it["loc"][1:], input=it["input"], ctx=it.get("ctx", {})
            )
            for it in error.errors()
        ],
    )
    more = {"problems": details(found)}
    return Problem(400, "invalid_request", sentence(found), more=more)
