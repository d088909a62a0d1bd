"""Instances of a golden JSON Schema, drawn by Hypothesis from the schema alone.

Knows the keywords that our schemas use and fails on any other. What a schema cannot say
(ids that differ, prerequisites that exist) is put right afterwards by `REPAIRS`.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

Schema = dict[str, Any]

TEXT = st.characters(codec="utf-8", exclude_characters="\x00")
DAYS = (datetime(1970, 1, 2), datetime(9999, 12, 30))  # noqa: DTZ001  # the offset is drawn beside
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def instances(schema: Schema) -> SearchStrategy[Any]:
    """JSON values that the schema of a type permits and that its model should decode."""
    return _values(schema, schema.get("$defs", {})).map(REPAIRS.get(schema["title"], lambda it: it))


def _values(schema: Schema, defs: dict[str, Schema]) -> SearchStrategy[Any]:
    match schema:
        case {"$ref": reference}:
            return _values(defs[reference.removeprefix("#/$defs/")], defs)
        case {"anyOf": choices} | {"oneOf": choices}:
            return st.one_of([_values(choice, defs) for choice in choices])
        case {"const": constant}:
            return st.just(constant)
        case {"enum": constants}:
            return st.sampled_from(constants)
        case {"type": "object", "properties": properties}:
            return _objects(schema, properties, defs)
        case {"type": "object", "additionalProperties": values}:
            return st.dictionaries(st.text(TEXT), _values(values, defs), max_size=3)
        case {"type": "array", "items": items}:
            least = schema.get("minItems", 0)
            return st.lists(_values(items, defs), min_size=least, max_size=least + 2, unique_by=str)
        case {"type": kind}:
            return _scalars(kind, schema)
        case {}:
            return st.none() | st.booleans() | st.integers(-9, 9) | st.text(TEXT, max_size=9)
    raise AssertionError(f"a keyword that instances() does not know: {schema}")


def _objects(
    schema: Schema, properties: dict[str, Schema], defs: dict[str, Schema]
) -> SearchStrategy[Any]:
    # A tag such as kind or outcome has a default, and is always written.
    tags = {name for name, field in properties.items() if "const" in field}
    always = set(schema.get("required", ())) | tags
    fields = {name: _values(field, defs) for name, field in properties.items()}
    return st.fixed_dictionaries(
        {name: fields[name] for name in fields if name in always},
        optional={name: fields[name] for name in fields if name not in always},
    )


def _scalars(kind: str, schema: Schema) -> SearchStrategy[Any]:
    least, most = schema.get("minimum"), schema.get("maximum")
    match kind, schema.get("format"):
        case "string", "date-time":
            return st.datetimes(*DAYS, timezones=ZONES).map(datetime.isoformat)
        case "string", None:
            return _strings(schema)
        case "integer", None:
            return st.integers(least, most)
        case "number", None:
            return st.floats(least, most, allow_nan=False, allow_infinity=False)
        case "boolean", None:
            return st.booleans()
        case "null", None:
            return st.none()
        case unknown:
            raise AssertionError(f"a type that instances() does not know: {unknown}")


def _strings(schema: Schema) -> SearchStrategy[str]:
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if "pattern" not in schema:
        return st.text(TEXT, min_size=least, max_size=most)
    drawn = st.from_regex(schema["pattern"], fullmatch=True, alphabet=st.characters(codec="utf-8"))
    return drawn.filter(lambda text: least <= len(text) <= (most or len(text)))


def _one_target(command: Schema) -> Schema:
    if command.get("activity") is not None:
        return command | {"whole_course": False}
    return command | {"whole_course": True}


def _one_undone(command: Schema) -> Schema:
    given = {name: value for name, value in command.items() if value is not None}
    if "undoes" in given:
        given.pop("undoes_operation", None)
    return given if "undoes_operation" in given else {"undoes": "m-1"} | given


def _sound(structure: Schema) -> Schema:
    """Ids of their own, a required activity, prerequisites that stand before."""
    sections = structure["sections"]
    sections[0]["activities"] += [{"activity": "last", "type": "video"}]
    activities = [activity for section in sections for activity in section["activities"]]
    for place, section in enumerate(sections):
        section["section"] += f"-{place}"
        section["section"] = section["section"][-128:].lstrip("~")
    for place, activity in enumerate(activities):
        activity["activity"] = f"a{place}"
        if activity.get("prerequisites"):
            activity["prerequisites"] = [earlier["activity"] for earlier in activities[:place]]
    return structure


def _required(program: Schema) -> Schema:
    """Courses once each, and a required one."""
    for place, course in enumerate(program["courses"]):
        course["course"] = f"c{place}"
    program["courses"][0]["required"] = True
    return program


def _one_part(command: Schema) -> Schema:
    return command | {"part": 1, "parts": 1}


def _bulk(command: Schema) -> Schema:
    """Learners or a search, in one part."""
    given = {name: value for name, value in _one_part(command).items() if value is not None}
    if "learners" in given:
        given.pop("search", None)
    return given if "search" in given else {"learners": ["u-1"]} | given


def _bulk_enroll(command: Schema) -> Schema:
    """Something to enrol in, and the choice of the e-mail."""
    return {"send_completion_email": False} | _bulk(command) | {"courses": ["biology-1"]}


REPAIRS: dict[str, Callable[[Schema], Schema]] = {
    "coursemark.commands.import_completion.v1": _one_target,
    "coursemark.commands.undo_command.v1": _one_undone,
    "coursemark.commands.bulk_enroll.v1": _bulk_enroll,
    "coursemark.commands.bulk_mark_complete.v1": _bulk,
    "coursemark.commands.bulk_reset_progress.v1": _bulk,
    "coursemark.commands.bulk_import.v1": _one_part,
    "coursemark.commands.undo_operation.v1": _one_part,
    "coursemark.catalog.course_structure.v1": _sound,
    "coursemark.catalog.course_structure_published.v1": lambda event: (
        event | {"structure": _sound(event["structure"])}
    ),
    "coursemark.catalog.learning_program.v1": _required,
    "coursemark.catalog.learning_program_published.v1": lambda event: (
        event | {"structure": _required(event["structure"])}
    ),
}
"""By type name; the rules are those of the models' validators."""
