"""The reference is what the code says, and its links lead somewhere."""

from __future__ import annotations

import re

import pytest

from contracts import registry
from services.api.app import application
from services.reference.pages import FOLDER, PAGES
from services.reference.tables import fields, kind
from services.runtime.settings import PREFIX, Settings


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_generated(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), "run python -m services.reference and read the diff"


def test_nothing_is_left_out() -> None:
    messages = PAGES["commands.md"]() + PAGES["events.md"]()
    assert [it for it in registry.ALL if f"\n## {it}\n" not in messages] == []
    settings = PAGES["settings.md"]()
    variables = [f"| `{PREFIX}{it.upper()}` |" for it in Settings.model_fields]
    assert [it for it in variables if it not in settings] == []
    calls = PAGES["api.md"]()
    paths = application().openapi()["paths"]
    told = [f"\n## {method.upper()} {path}\n" for path, of in paths.items() for method in of]
    assert [it for it in told if it not in calls] == []


@pytest.mark.parametrize("name", [it for it in PAGES if it.endswith(".md")])
def test_every_link_within_a_page_leads_to_one_heading(name: str) -> None:
    page = PAGES[name]()
    headings = [it.lower() for it in re.findall(r"^#+ (.+)$", page, re.MULTILINE)]
    wanted = set(re.findall(r"\]\(#([^)]+)\)", page))
    assert [it for it in sorted(wanted) if headings.count(it) != 1] == []


def test_a_field_says_its_kind_its_default_and_whether_it_has_to_be_there() -> None:
    schema = {
        "properties": {
            "name": {"type": "string", "description": "A | in it."},
            "many": {"type": "array", "items": {"$ref": "#/$defs/Shape"}},
            "some": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}], "default": 3},
            "when": {"type": "string", "format": "date-time"},
            "by": {"type": "object", "additionalProperties": {"enum": ["a", "b"]}},
        },
        "required": ["name"],
    }
    assert fields(schema).splitlines()[2:] == [
        "| `name` | string | **required** | A \\| in it. |",
        "| `many` | list of [Shape](#shape) |  |  |",
        "| `some` | integer from 1 | `3` |  |",
        "| `when` | instant |  |  |",
        "| `by` | object of `a`, `b` |  |  |",
    ]
    assert kind({}) == "any"
    assert fields({"type": "object"}) == ""
