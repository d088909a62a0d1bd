"""The commands that the API takes: every registered one but Coursemark's own."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from contracts import registry
from contracts.commands import EvaluateCourse, RecordActivity
from contracts.schema import Untitled
from services.api.commands.asked import GIVEN, Asked
from services.api.commands.examples import EXAMPLES
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
    def schema_name(self) -> str:
        """Of its body, which is the command without what the token tells."""
        return self.model.__name__


def _offered(declared: str, model: type[Asked]) -> Offered:
    name = declared.split(".")[2].replace("_", "-")
    scope: Scope = "signals" if model is RecordActivity else "commands"
    return Offered(name, declared, model, scope)


OFFERED: Mapping[str, Offered] = MappingProxyType(
    {
        it.name: it
        for it in (
            _offered(declared, model)
            for declared, model in registry.ASKED.items()
            if model is not EvaluateCourse
        )
    }
)
"""By the name in the address, such as ``mark-complete``."""


def schemas() -> dict[str, Node]:
    """The bodies, and what they name, as components of the document."""
    found: dict[str, Node] = {}
    for offered in OFFERED.values():
        body = offered.model.model_json_schema(
            ref_template=REFERENCE, schema_generator=Untitled, mode="validation"
        )
        found |= body.pop("$defs", {})
        given = set(GIVEN)
        found[offered.schema_name] = body | {
            "properties": {n: it for n, it in body["properties"].items() if n not in given},
            "required": [n for n in body["required"] if n not in given],
            "examples": EXAMPLES[offered.name],
        }
    return found
