"""The body of a request as what it has to be."""

from typing import Any, TypeVar

import pydantic_core
from pydantic import ValidationError
from starlette.requests import Request

from contracts.envelope import EnvelopeError, parse_object
from contracts.model import Contract
from contracts.problems import details, sentence
from services.http.bodies import json_body
from services.http.problems import Problem

LARGEST = 1_000_000
"""Bytes of a body; a command of so many fits into a message on Kafka."""
T = TypeVar("T", bound=Contract)


async def object_of(request: Request) -> dict[str, Any]:
    """The body as a JSON object.

    Raises:
        Problem: 400 where it is none; 408, 413, 415.
    """
    try:
        return parse_object(await json_body(request, LARGEST))
    except EnvelopeError as error:
        raise Problem(400, error.code, str(error)) from None


async def body_as(request: Request, model: type[T], **own: object) -> T:
    """The body; ``own`` fields are told by the request, whatever the body says of them.

    Raises:
        Problem: 400, 408, 413 or 415.
    """
    said = await object_of(request)
    try:
        return model.model_validate_json(pydantic_core.to_json(said | own))
    except ValidationError as error:
        more = {"problems": details(error)}
        raise Problem(400, "invalid_request", sentence(error), more=more) from None


def body_of(model: type[Contract]) -> dict[str, object]:
    """What the document says of the body."""
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
