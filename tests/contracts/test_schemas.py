"""Every type has its golden schema and every schema its type; schema and model agree.

A pattern is ECMA-262 in JSON Schema; `jsonschema` reads it as a Python expression, where `$`
also stands before a last line break. No other difference is known; see test_patterns.py.
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from contracts import registry, schema
from tests.support.instances import instances

if TYPE_CHECKING:
    from pathlib import Path

    from hypothesis.strategies import SearchStrategy

every_type = pytest.mark.parametrize("name", registry.ALL)
drawn = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@functools.cache
def golden(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((schema.FOLDER / f"{name}.json").read_text("utf-8"))
    return loaded


@functools.cache
def drawn_from(name: str) -> SearchStrategy[Any]:
    return instances(golden(name))


@every_type
def test_every_type_has_the_golden_file_that_the_code_generates(name: str) -> None:
    checked_in = (schema.FOLDER / f"{name}.json").read_text("utf-8")
    assert checked_in == schema.text_of(name), "run python -m contracts.schema and read the diff"


def test_every_golden_file_has_its_type() -> None:
    files = {path.name for path in schema.FOLDER.iterdir()}
    assert files == {f"{name}.json" for name in registry.ALL}


@every_type
def test_a_golden_schema_is_valid_and_bears_the_declared_name(name: str) -> None:
    Draft202012Validator.check_schema(golden(name))
    assert golden(name)["title"] == name
    assert golden(name)["$id"] == f"urn:coursemark:{name.removeprefix('coursemark.')}"


@every_type
def test_unknown_fields_are_permitted_everywhere(name: str) -> None:
    """Producers of a later minor version add optional fields (contracts.md)."""
    objects = [golden(name), *golden(name).get("$defs", {}).values()]
    assert [it for it in objects if it.get("additionalProperties") is False] == []


@every_type
@drawn
@given(data=st.data())
def test_what_the_schema_permits_the_model_decodes_and_writes_back(
    name: str, data: st.DataObject
) -> None:
    instance = data.draw(drawn_from(name))
    validator = Draft202012Validator(golden(name))
    validator.validate(instance)

    message = registry.ALL[name].model_validate_json(json.dumps(instance))
    written = message.to_json()

    validator.validate(json.loads(written))
    assert type(message).model_validate_json(written) == message


@every_type
def test_a_missing_required_field_is_refused_by_schema_and_model(name: str) -> None:
    validator = Draft202012Validator(golden(name))
    assert golden(name)["required"], "every type says at least whose it is"
    assert not validator.is_valid({})
    with pytest.raises(ValueError, match="Field required"):
        registry.ALL[name].model_validate_json(b"{}")


def test_the_command_line_writes_every_schema(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema.main([str(tmp_path / "new")])
    assert {path.stem for path in (tmp_path / "new").iterdir()} == set(registry.ALL)
    assert capsys.readouterr().out.startswith(f"{len(registry.ALL)} schemas written to ")
