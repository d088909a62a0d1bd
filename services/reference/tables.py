"""Tables in Markdown, and what a JSON Schema says of a field in one cell."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Node = dict[str, Any]


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; none where it would have no rows."""
    lines = ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]
    if not lines:
        return ""
    head = ["| " + " | ".join(heads) + " |", "| " + " | ".join("---" for _ in heads) + " |"]
    return "\n".join([*head, *lines]) + "\n"


def fields(schema: Node) -> str:
    """The fields of an object: name, kind, whether it has to be there, meaning."""
    required = set(schema.get("required", ()))
    rows = [
        (f"`{name}`", kind(it), _default(it, needed=name in required), it.get("description", ""))
        for name, it in schema.get("properties", {}).items()
    ]
    return table(("field", "kind", "default", "meaning"), rows)


def section(name: str, schema: Node) -> str:
    """A shape under its name: what it is, and its fields."""
    return f"\n## {name}\n\n{schema.get('description', '')}\n\n{fields(schema)}"


def shapes(found: Mapping[str, Node]) -> str:
    """The shapes that others name, in order; nothing where there are none."""
    sections = [section(name, schema) for name, schema in sorted(found.items())]
    return "".join(["\n# Shapes\n", *sections]) if sections else ""


def kind(schema: Node) -> str:
    """What a value may be, shortly; shapes are links within the page."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            kinds = [kind(it) for it in schema[choice] if it.get("type") != "null"]
            return " or ".join(dict.fromkeys(kinds))
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return ", ".join(f"`{it}`" for it in schema["enum"])
    return _of_type(schema)


def _of_type(schema: Node) -> str:
    match schema.get("type"):
        case "array":
            return f"list of {kind(schema.get('items', {}))}"
        case "object" if isinstance(schema.get("additionalProperties"), dict):
            return f"object of {kind(schema['additionalProperties'])}"
        case "string" if schema.get("format") == "date-time":
            return "instant"
        case None:
            return "any"
        case other:
            return f"{other}{_bounds(schema)}"


def _bounds(schema: Node) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    match least, most:
        case None, None:
            return ""
        case _, None:
            return f" from {least}"
        case None, _:
            return f" up to {most}"
        case _:
            return f" {least} to {most}"


def _default(schema: Node, *, needed: bool) -> str:
    if needed:
        return "**required**"
    given = schema.get("default")
    return "" if given is None else f"`{json.dumps(given)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
