"""What is wrong with a message: a sentence for people, a list for programs.

pydantic's own messages quote the input and patterns. These say what to send instead, repeat
nothing of the input but ids that our own validators name, and are bounded in length.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue, ValidationError

from .fields import (
    COMMAND_ID_PATTERN,
    COMMAND_ID_RULE,
    EMAIL_PATTERN,
    ID_PATTERN,
    ID_RULE,
    LANGUAGE_PATTERN,
    NO_NUL_PATTERN,
)

BODY = "body"
"""Stands where a field's path would, when the message as a whole is wrong."""

_LISTED = 20
_REPEATED = 80
_SAID = 3
_LONGEST = 800
"""Characters of one problem; the longest that we write names five ids of 128."""

_PATTERNS: Mapping[str, str] = {
    ID_PATTERN: f"has to be an id: {ID_RULE}",
    COMMAND_ID_PATTERN: f"has to be an id: {COMMAND_ID_RULE}",
    NO_NUL_PATTERN: "has a NUL character; take it out",
    LANGUAGE_PATTERN: "has to be a language tag such as en or pt-BR",
    EMAIL_PATTERN: "has to be an e-mail address such as ada@example.org",
}
_INSTANT = "has to be an instant such as 2024-05-01T09:30:00Z"
_SAYS: Mapping[str, str] = {
    "missing": "is missing; send it",
    "string_type": "has to be a string",
    "string_too_short": "is too short; it needs {min_length:,} or more characters",
    "string_too_long": "is too long; send at most {max_length:,} characters",
    "int_type": "has to be a whole number",
    "int_parsing": "has to be a whole number",
    "float_type": "has to be a number",
    "finite_number": "has to be a finite number",
    "bool_type": "has to be true or false",
    "greater_than_equal": "is too small; send {ge:,.16g} or more",
    "less_than_equal": "is too large; send {le:,.16g} or less",
    "literal_error": "has to be {expected}",
    "union_tag_not_found": "has no {discriminator}; send one that is known",
    "union_tag_invalid": "has an unknown {discriminator}; send one of {expected_tags}",
    "tuple_type": "has to be a list",
    "too_short": "has too few entries; it needs {min_length:,} or more",
    "too_long": "has too many entries; send at most {max_length:,}",
    "model_type": "has to be a JSON object",
    "dict_type": "has to be a JSON object",
    "timezone_aware": "has no time zone; end it with Z or an offset such as +02:00",
    "datetime_parsing": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "datetime_type": _INSTANT,
    "value_error": "{error}",
}
"""By pydantic's type of error; what stands in braces comes from the model, not from the input."""

_SURROGATE = "a lone surrogate", "write the whole character, in UTF-8 or as both halves"
_PARSER: Mapping[str, tuple[str, str]] = {
    "EOF while parsing": ("it ends too early", "send one whole JSON object"),
    "recursion limit": ("it is nested too deeply", "send an object of the type's schema"),
    "number out of range": ("a number has too many digits", "send one that the field allows"),
    "control character": (
        "a control character in a string",
        "write it as an escape, or leave it out",
    ),
    "key must be a string": ("a name stands in no double quotes", "write them around it"),
    "trailing characters": ("more follows after its end", "send one JSON object and nothing else"),
    # Its words wherever half of a pair stands alone.
    "unexpected end of hex escape": _SURROGATE,
    "lone leading surrogate": _SURROGATE,
}
"""How the parser's words begin → what is wrong, what to do."""


def sentence(error: ValidationError) -> str:
    """Every problem if there are three or fewer, otherwise three and how many more.

    ``activities: names an activity twice: a; name each once.``
    """
    found = _by_field(error)
    said = ". ".join(f"{field}: {problem}" for field, problem in found[:_SAID])
    more = len(found) - _SAID
    return f"{said}. And {more:,} more." if more > 0 else f"{said}."


def details(error: ValidationError) -> list[JsonValue]:
    """The first twenty problems, each as ``{"field": PATH, "problem": WORDS}``."""
    found = _by_field(error)[:_LISTED]
    return [{"field": field, "problem": problem} for field, problem in found]


def shown(text: str) -> str:
    """What a sentence repeats of a message: little, and nothing that moves a terminal's cursor."""
    return "".join(filter(str.isprintable, text[:_REPEATED]))


def json_problem(parser_says: str) -> str:
    """What to do about bytes that are not JSON, from the words of pydantic's parser."""
    what, _, where = parser_says.rpartition(" at ")
    problem, remedy = next(
        (known for begins, known in _PARSER.items() if what.startswith(begins)),
        (what, "send one JSON object"),
    )
    return f"{problem} at {where}; {remedy}"


def _by_field(error: ValidationError) -> list[tuple[str, str]]:
    """One problem for each path, in the order of the message."""
    kinds: dict[tuple[str, ...], dict[str, Mapping[str, Any]]] = {}
    for one in error.errors(include_url=False, include_input=False):
        path = tuple(map(str, filter(_is_path, one["loc"])))
        kinds.setdefault(path, {})[one["type"]] = one.get("ctx", {})
    inner = {path[:length] for path in kinds for length in range(len(path))}
    return [
        (".".join(path) or BODY, _problem(found))
        for path, found in kinds.items()
        if path not in inner  # of a union, the member that went deeper tells more
    ]


def _is_path(step: str | int) -> bool:
    # The other steps are pydantic's names for the members of a union: tuple[...], literal[...].
    return isinstance(step, int) or step.isidentifier()


def _problem(found: Mapping[str, Mapping[str, Any]]) -> str:
    # A list or one constant: for what is neither say both, for a list what is wrong with it.
    if found.keys() == {"tuple_type", "literal_error"}:
        return f"has to be a list or {found['literal_error']['expected']}"
    kind, context = next(iter(found.items()))
    return _shortened(_words(kind, context))


def _words(kind: str, context: Mapping[str, Any]) -> str:
    match kind:
        case "string_pattern_mismatch":
            return _PATTERNS.get(context["pattern"], "has characters that are not allowed")
        case "json_invalid":
            return f"is not JSON: {json_problem(context['error'])}"
        case _:
            return _SAYS.get(kind, f"is not valid ({kind})").format_map(context)


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
