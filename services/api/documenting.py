"""The OpenAPI 3.1 document, generated from the routes that answer.

``python -m services.api.documenting [FILE]`` writes it to a file, or prints it.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, Field, JsonValue

from services.http.problems import MEDIA_TYPE

Node = dict[str, Any]

ABOUT = (
    "What an administrator or an integrator does in Coursemark. Commands are sent on and decided "
    "elsewhere: each is answered 202 with the address of its result, or with the result where "
    "`Prefer: wait` asks for it. Errors are problem documents (RFC 9457) with a stable `code`. "
    "Ignore fields that you do not know: answers gain more of them. Fields without a value are "
    "left out."
)
_SAYS: Mapping[int, str] = {
    400: "What was sent is not as it has to be.",
    401: "There is no valid token.",
    403: "The token, or its user's role, is not good for that.",
    404: "There is no such thing in the token's school.",
    408: "The body did not come in time.",
    409: "It cannot be done as things stand, or the same request is under way.",
    413: "The body is too large.",
    415: "The body is compressed.",
    422: "The Idempotency-Key was sent with another command.",
    429: "The token asks too often; wait as Retry-After says.",
    503: "A server is away; ask again as Retry-After says.",
}


class Problem(BaseModel):
    """What is wrong (RFC 9457)."""

    type: str = Field(description="A URN of the code.")
    title: str
    status: int = Field(ge=400, le=599)
    code: str = Field(description="Stable; a program may depend on it.")
    detail: str = Field(description="What happened, and what to do.")
    instance: str = Field(description="The address that was asked.")
    result: JsonValue = Field(None, description="Of a command that was rejected: its result.")
    problems: list[JsonValue] | None = Field(None, description="Of a body: what is wrong where.")


UNCHANGED: dict[int | str, Node] = {
    304: {"description": "The caller has it already, as If-None-Match says."}
}
"""The answer of a read beside the others."""
_IDS: Mapping[str, str] = {
    "learner": "u-1204",
    "course": "biology-1",
    "operation": "op-2026-11-25",
    "import_id": "import-2026-11-25",
    "endpoint": "ep_5d5b09f6dcb2d53a5fffc60c",
    "schedule": "renew-biology",
    "command_id": "8e03978e-40d5-43d9-9bc0-6894a57f9324",
}
"""Examples of parameters, by name: those of the bodies."""
_RETRY_AFTER = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
_AGAIN = frozenset({429, 503})


def problems(*statuses: int) -> dict[int | str, Node]:
    """Responses of an endpoint beside those that every endpoint has."""
    return {status: _problem(status) for status in statuses}


def _problem(status: int) -> Node:
    schema = {"$ref": "#/components/schemas/Problem"}
    return described(status, content={MEDIA_TYPE: {"schema": schema}})


def described(status: int, **body: Any) -> Node:
    """An error: what it says, its body, and its headers."""
    told: Node = {"description": _SAYS[status], **body}
    return told | {"headers": _RETRY_AFTER} if status in _AGAIN else told


def document(app: FastAPI, schemas: Mapping[str, Node]) -> Node:
    """The document of an application; ``schemas`` are those that its routes name by hand."""
    made = get_openapi(
        title="Coursemark",
        version=version("coursemark"),
        openapi_version="3.1.0",
        description=ABOUT,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        routes=app.routes,
        separate_input_output_schemas=False,
    )
    for operation in (it for path in made["paths"].values() for it in path.values()):
        _settle(operation)
    components = made.setdefault("components", {}).setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    problem.pop("$defs", None)
    components |= {"Problem": problem, **schemas}
    for name in ("HTTPValidationError", "ValidationError"):
        components.pop(name, None)
    made["components"]["schemas"] = dict(sorted(components.items()))
    return made


def _settle(operation: Node) -> None:
    """Our answers in place of FastAPI's own, our sentence in place of a function's name."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in _IDS and "examples" not in parameter:
            parameter.setdefault("example", _IDS[parameter["name"]])
    operation["summary"] = operation["description"].partition("\n")[0].rstrip(".")
    responses = operation["responses"]
    if "HTTPValidationError" in json.dumps(responses.get("422", {})):
        del responses["422"]
    if operation.get("security"):
        for status, says in problems(401, 403, 429, 503).items():
            responses.setdefault(str(status), says)
    for response in responses.values():
        if response["description"] == "Successful Response":
            response["description"] = operation["summary"]
    operation["responses"] = dict(sorted(responses.items()))


def text() -> str:
    """The document as it is checked in."""
    from services.api.app import application  # noqa: PLC0415 - it names this module's helpers

    return json.dumps(application().openapi(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str]) -> None:
    """Write the document into the file that is named, or print it."""
    if arguments:
        Path(arguments[0]).write_text(text(), encoding="utf-8")
    else:
        sys.stdout.write(text())


if __name__ == "__main__":
    main(sys.argv[1:])
