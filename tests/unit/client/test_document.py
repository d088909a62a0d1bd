"""Every operation of the API's document has a method, with its address and its parameters."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest

from contracts import registry
from contracts.api.imports import RunImport
from contracts.api.policy import SchoolPolicy
from contracts.api.webhooks import EndpointAsked, NewEndpoint, Resend, RotateSecret
from contracts.client.calls.call import Call, Events
from contracts.client.methods import Method
from contracts.client.v1 import V1
from services.api.commands.examples import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT = json.loads(
    (Path(__file__).parents[3] / "docs" / "reference" / "openapi.json").read_text("utf-8")
)
OPERATIONS = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, operations in DOCUMENT["paths"].items()
    if path.startswith("/v1/")  # the compatible face has clients of its own
    for method, operation in operations.items()
}
CALLED = sorted(OPERATIONS)
COMMANDS = {it for it, (_, path, _) in OPERATIONS.items() if path.startswith("/v1/commands/")}
STRANGE = "ü%2F?#&='\";--"


def method_of(operation: str) -> Method[..., Any]:
    method = vars(V1).get(operation)
    assert isinstance(method, Method), f"{operation}: add it to contracts/client/v1.py"
    return method


def call_of(operation: str) -> Call[Any]:
    """A call with the strangest ids that there are, or of the document's own example."""
    if operation in COMMANDS:
        name = f"coursemark.commands.{operation}.v1"
        fields = {**EXAMPLES[operation.replace("_", "-")][0], "school": "s", "actor": "a"}
        return method_of(operation).make(
            registry.ASKED[name].model_validate_json(json.dumps(fields))
        )
    _, path, _ = OPERATIONS[operation]
    ids = [STRANGE] * path.count("{")
    made = method_of(operation).make(*ids, **SAMPLES.get(operation, {}))
    return made.call if isinstance(made, Events) else made


SAMPLES: dict[str, dict[str, Any]] = {
    "sent_of_command": {"command": "c-1"},
    "find_users": {"names": ["u-1"]},
    "upload_import": {"file": b"email,course\n"},
    "create_webhook": {"endpoint": NewEndpoint(url="https://school.example/hook")},
    "change_webhook": {"to": EndpointAsked(url="https://school.example/hook")},
    "rotate_webhook_secret": {"how": RotateSecret()},
    "attempts_of_webhook": {"message": "m-1"},
    "resend_to_webhook": {"which": Resend(failed=True)},
    "put_search": {"criteria": {"course": "biology-1"}},
    "put_schedule": {"said": {"timezone": "UTC"}},
    "set_policy": {"to": SchoolPolicy()},
    "run_import": {"run": RunImport(send_completion_email=False)},
}
"""What a method needs besides ids of its address."""


def test_nothing_is_left_out_that_is_there() -> None:
    assert SAMPLES.keys() <= OPERATIONS.keys()


@pytest.mark.parametrize("operation", CALLED)
def test_an_operation_has_a_method_of_its_address(operation: str) -> None:
    method, path, _ = OPERATIONS[operation]
    call = call_of(operation)
    shape = re.sub(r"\\\{[^}]*\\\}", r"([^/]+)", re.escape(path))
    found = re.fullmatch(shape, call.path)
    assert call.method == method
    assert found is not None, (path, call.path)
    assert set(found.groups()) <= {"%C3%BC%252F%3F%23%26%3D%27%22%3B--"}


@pytest.mark.parametrize("operation", sorted(set(CALLED) - COMMANDS))
def test_a_method_takes_every_parameter_of_the_address(operation: str) -> None:
    _, _, described = OPERATIONS[operation]
    taken = set(_taken(inspect.signature(method_of(operation).make)))
    for it in described.get("parameters", ()):
        if it["in"] != "header" and it["name"] != "cursor":  # pages are followed by their Link
            assert it["name"] in taken, f"{operation} takes no {it['name']}"


def _taken(signature: inspect.Signature) -> Iterator[str]:
    for it in signature.parameters.values():
        if it.kind is inspect.Parameter.VAR_KEYWORD:
            [criteria] = get_args(it.annotation)
            yield from criteria.__annotations__
        for kind in get_args(it.annotation):
            yield from getattr(kind, "model_fields", ())
        yield it.name


@pytest.mark.parametrize("operation", CALLED)
def test_a_write_has_a_body_where_the_document_asks_for_one(operation: str) -> None:
    _, _, described = OPERATIONS[operation]
    assert (call_of(operation).body is not None) == ("requestBody" in described)
