"""Names on the wire: one grammar, declared in one place, one name to a message (style 2, 3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

import pytest

from contracts import events, registry, schema
from contracts.model import Contract

if TYPE_CHECKING:
    from collections.abc import Mapping

GRAMMAR = re.compile(
    r"coursemark\.(commands|progress|results|catalog|directory|webhooks|zapier|notifications|operations)"
    r"\.[a-z]+(_[a-z]+)*\.v[1-9][0-9]*"
)
every_type = pytest.mark.parametrize("name", registry.ALL)


def in_words(name: str) -> list[str]:
    """The words of a name: learner, enrolled."""
    return name.split(".")[2].split("_")


@every_type
def test_every_name_follows_the_grammar(name: str) -> None:
    assert GRAMMAR.fullmatch(name)


@every_type
def test_a_class_bears_the_name_of_its_message(name: str) -> None:
    assert registry.ALL[name].__name__ == "".join(map(str.capitalize, in_words(name)))


@every_type
def test_a_message_has_one_name_and_is_found_by_it(name: str) -> None:
    model = registry.ALL[name]
    assert registry.name_of(model) == name
    assert registry.name_of(model.model_construct()) == name


def test_no_two_names_share_a_class_and_no_part_hides_another() -> None:
    parts: list[Mapping[str, type[Contract]]] = [
        registry.COMMANDS,
        registry.OPERATION_COMMANDS,
        registry.EVENTS,
        registry.RESULTS,
        registry.CATALOG,
        registry.DIRECTORY,
        registry.PROGRESS,
        registry.WEBHOOKS,
        registry.ZAPIER,
        registry.NOTIFICATIONS,
        registry.OPERATIONS,
    ]
    assert len(registry.ALL) == sum(map(len, parts)) == len(set(registry.ALL.values()))


def test_a_class_that_is_not_registered_has_no_name() -> None:
    class Stranger(Contract):
        pass

    with pytest.raises(KeyError):
        registry.name_of(Stranger())


def test_every_event_of_the_closed_union_is_registered() -> None:
    assert {*get_args(events.Logged)} == {*registry.EVENTS.values()}


def test_events_are_past_tense_and_commands_are_imperative() -> None:
    done = {name: in_words(name)[-1] for name in registry.EVENTS}
    assert [
        name for name, word in done.items() if not word.endswith("ed") and word != "reset"
    ] == []
    asked = {name: in_words(name)[0] for name in [*registry.COMMANDS, *registry.OPERATION_COMMANDS]}
    assert [name for name, verb in asked.items() if verb.endswith(("ed", "s"))] == []


@pytest.mark.parametrize("name", registry.EVENTS)
def test_events_hold_no_names_and_no_email_addresses_of_people(name: str) -> None:
    golden = schema.schema_of(name)
    bodies = [golden, *golden.get("$defs", {}).values()]
    fields = {field for body in bodies for field in body.get("properties", ())}
    assert not fields & {"name", "email", "first_name", "last_name", "phone", "address", "tags"}


@every_type
def test_every_message_says_what_it_is(name: str) -> None:
    own = registry.ALL[name].__doc__
    assert own
    assert own != Contract.__doc__


@every_type
def test_numbers_say_their_limits(name: str) -> None:
    """Public models say units, formats and limits (contracts.md)."""
    assert unlimited(schema.schema_of(name), name) == []


@every_type
def test_every_field_says_what_it_holds(name: str) -> None:
    """Public models say units, formats and limits (contracts.md); a constant speaks for itself."""
    golden = schema.schema_of(name)
    bodies = {name: golden, **golden.get("$defs", {})}
    silent = [
        f"{body}.{field}"
        for body, its in bodies.items()
        for field, part in its.get("properties", {}).items()
        if "const" not in part and "$ref" not in part and "description" not in str(part)
    ]
    assert silent == []


def unlimited(part: object, path: str) -> list[str]:
    """Where a number in a schema has no lower limit."""
    match part:
        case {"type": "integer" | "number"}:
            return [] if {"minimum", "const"} & part.keys() else [path]
        case dict():
            return [it for name, inner in part.items() for it in unlimited(inner, f"{path}.{name}")]
        case list():
            return [it for inner in part for it in unlimited(inner, path)]
    return []
