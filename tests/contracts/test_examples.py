"""A log replayed from its first event always decodes (contracts.md, backward-transitive).

Each file holds messages as they were first published. A line is added when a type gains a
field, and never changed or taken away.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contracts import registry, schema

FOLDER = Path(__file__).parent / "examples"
every_type = pytest.mark.parametrize("name", registry.ALL)


def examples(name: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return loaded


def lost(kept: Any, sent: Any) -> bool:
    """Whether anything that was sent is missing or different in what was kept."""
    if isinstance(sent, dict):
        return any(name not in kept or lost(kept[name], sent[name]) for name in sent)
    if isinstance(sent, list):
        return len(kept) != len(sent) or any(map(lost, kept, sent))
    return bool(kept != sent)


def test_every_example_has_its_type() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.json" for name in registry.ALL}


@every_type
def test_what_was_once_published_still_decodes_and_loses_nothing(name: str) -> None:
    for example in examples(name):
        message = registry.ALL[name].model_validate_json(json.dumps(example))
        assert not lost(json.loads(message.to_json()), example)


@every_type
def test_what_was_once_published_is_what_the_golden_schema_permits(name: str) -> None:
    validator = Draft202012Validator(schema.schema_of(name))
    for example in examples(name):
        validator.validate(example)


@every_type
def test_the_examples_show_every_field_and_do_without_each_optional_one(name: str) -> None:
    golden = schema.schema_of(name)
    shown = [set(example) for example in examples(name)]
    assert set.union(*shown) == set(golden["properties"])
    tags = {field for field, its in golden["properties"].items() if "const" in its}
    assert set.intersection(*shown) - tags == set(golden["required"])


@every_type
def test_unknown_fields_are_ignored(name: str) -> None:
    """Consumers ignore unknown fields, so that producers may add optional ones."""
    model = registry.ALL[name]
    for example in examples(name):
        known = model.model_validate_json(json.dumps(example))
        more = example | {"from_the_future": {"role": "admin"}}
        assert model.model_validate_json(json.dumps(more)) == known
