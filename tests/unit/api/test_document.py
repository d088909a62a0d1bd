"""The OpenAPI document: it is what the code answers, and its examples are commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contracts import registry
from services.api import documenting
from services.api.app import application
from services.api.commands.asked import GIVEN
from services.api.commands.examples import EXAMPLES
from services.api.commands.offered import OFFERED
from services.api.compatible.errors import BASE

ROOT = Path(__file__).parents[3]
FILES = {
    "text/csv",
    "text/event-stream",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What is answered besides JSON."""
NO_BODY = {"204", "304"}
DOCUMENT: dict[str, Any] = application().openapi()
OPERATIONS = [
    (path, method, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def _ids(case: tuple[str, str, Any]) -> str:
    return f"{case[1]} {case[0]}"


def test_the_file_that_is_checked_in_is_the_one_that_the_code_generates() -> None:
    checked_in = (ROOT / "docs" / "reference" / "openapi.json").read_text("utf-8")
    assert checked_in == documenting.text(), "run python -m services.reference and read the diff"


def test_it_is_written_where_one_asks_and_printed_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documenting.main([str(tmp_path / "openapi.json")])
    documenting.main([])
    assert (tmp_path / "openapi.json").read_text("utf-8") == capsys.readouterr().out


def test_m4_every_command_is_offered_but_coursemarks_own() -> None:
    declared = {*registry.COMMANDS, *registry.OPERATION_COMMANDS}
    assert declared - {it.declared for it in OFFERED.values()} == {
        "coursemark.commands.evaluate_course.v1"
    }
    assert {f"/v1/commands/{name}" for name in OFFERED} <= DOCUMENT["paths"].keys()


def test_every_reference_leads_to_a_component_and_every_component_is_referred_to() -> None:
    named = set(_references(DOCUMENT))
    there = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert named == there


@pytest.mark.parametrize("case", OPERATIONS, ids=_ids)
def test_every_operation_says_who_may_and_what_can_go_wrong(case: tuple[str, str, Any]) -> None:
    path, _, operation = case
    wrong = "application/json" if path.startswith(BASE) else "application/problem+json"
    assert operation["security"] == [{"token": []}]
    assert {"401", "403", "429", "503"} <= operation["responses"].keys()
    assert operation["summary"]
    for status, response in operation["responses"].items():
        assert response["description"], status
        kinds = set(response.get("content", {}))
        if status in NO_BODY:
            assert not kinds
        elif status < "400":
            assert kinds == {"application/json"} or (kinds and kinds <= FILES)
        else:
            assert kinds == {wrong}


def test_operation_ids_are_one_each() -> None:
    ids = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", OFFERED)
def test_every_example_is_valid_by_its_schema_and_says_nothing_that_the_token_tells(
    name: str,
) -> None:
    schema = {"$ref": f"#/components/schemas/{OFFERED[name].schema_name}"}
    validator = Draft202012Validator({**DOCUMENT, **schema})
    body = DOCUMENT["components"]["schemas"][OFFERED[name].schema_name]
    assert not set(GIVEN) & body["properties"].keys()
    assert EXAMPLES[name]
    for example in EXAMPLES[name]:
        validator.validate(json.loads(json.dumps(example)))
        assert not set(GIVEN) & example.keys()


def _references(part: Any) -> list[str]:
    match part:
        case {"$ref": str(reference), **rest}:
            return [reference, *_references(rest)]
        case dict():
            return [it for value in part.values() for it in _references(value)]
        case list():
            return [it for value in part for it in _references(value)]
    return []
