"""What is sent to change something, for the document."""

from collections.abc import Sequence
from typing import Any

from contracts.api.imports import RunImport
from contracts.model import Contract
from contracts.schema import Untitled
from services.api.commands.offered import REFERENCE

BODIES: Sequence[type[Contract]] = (RunImport,)
"""Each by its name; routes refer to them so."""


def bodies() -> dict[str, dict[str, Any]]:
    """Their schemas, and what they name, as components of the document."""
    found: dict[str, dict[str, Any]] = {}
    for model in BODIES:
        body = model.model_json_schema(ref_template=REFERENCE, schema_generator=Untitled)
        found |= body.pop("$defs", {})
        found[model.__name__] = body
    return found
