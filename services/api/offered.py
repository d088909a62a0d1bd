"""The commands that the API takes: every registered one but Coursemark's own."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from pydantic.json_schema import GenerateJsonSchema

from contracts import registry
from contracts.commands import EvaluateCourse, RecordActivity
from services.api.asked import GIVEN, Asked
from services.api.examples import EXAMPLES
from services.store.tokens import Scope

Node = dict[str, Any]
REFERENCE = "#/components/schemas/{model}"


class Offered(NamedTuple):
    """A command; ``name`` stands in its address, ``declared`` on the wire."""

    name: str
    declared: str
    model: type[Asked]
    scope: Scope

    @property
    def about(self) -> str:
        """What it does, in its own words."""
        return (self.model.__doc__ or "").partition("\n")[0]

    @property
    def schema_name(self) -> str:
        """Of its body, which is the command without what the token tells."""
        return self.model.__name__


def _offered(declared: str, model: type[Asked]) -> Offered:
    name = declared.split(".")[2].replace("_", "-")
    scope: Scope = "signals" if model is RecordActivity else "commands"
    return Offered(name, declared, model, scope)


_DECLARED: Mapping[str, type[Asked]] = {**registry.COMMANDS, **registry.OPERATION_COMMANDS}
OFFERED: Mapping[str, Offered] = MappingProxyType(
    {
        it.name: it
        for it in (
            _offered(declared, model)
            for declared, model in _DECLARED.items()
            if model is not EvaluateCourse
        )
    }
)
"""By the name in the address, such as ``mark-complete``."""


class _Generator(GenerateJsonSchema):
    """Leaves out the titles that pydantic derives from field names."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - inherited
        return False


@cache
def _complete(offered: Offered) -> Node:
    return offered.model.model_json_schema(
        ref_template=REFERENCE, schema_generator=_Generator, mode="validation"
    )


def schemas() -> dict[str, Node]:
    """The bodies, and what they name, as components of the document."""
    found: dict[str, Node] = {}
    for offered in OFFERED.values():
        body = dict(_complete(offered))
        found |= body.pop("$defs", {})
        given = set(GIVEN)
        found[offered.schema_name] = body | {
            "properties": {n: it for n, it in body["properties"].items() if n not in given},
            "required": [n for n in body["required"] if n not in given],
            "examples": EXAMPLES[offered.name],
        }
    return found
