"""What is sent to change something, for the document."""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.api.imports import RunImport
from contracts.api.policy import SchoolPolicy
from contracts.api.privacy import ErasePerson
from contracts.api.webhooks import EndpointAsked, NewEndpoint, Resend, RotateSecret
from contracts.model import Contract
from contracts.schema import Untitled
from services.api.commands.offered import REFERENCE
from services.domain.schedules import Schedule
from services.views.search.criteria import Criteria

BODIES: Sequence[type[Contract]] = (
    RunImport,
    ErasePerson,
    NewEndpoint,
    EndpointAsked,
    RotateSecret,
    Resend,
    Schedule,
    SchoolPolicy,
    Criteria,
)
"""Each by its name; routes refer to them so."""
TOLD: Mapping[type[Contract], frozenset[str]] = {
    Schedule: frozenset({"school", "schedule", "actor"})
}
"""Fields that the token and the address tell, whatever a body says."""


def bodies() -> dict[str, dict[str, Any]]:
    """Their schemas, and what they name, as components of the document."""
    found: dict[str, dict[str, Any]] = {}
    for model in BODIES:
        body = model.model_json_schema(ref_template=REFERENCE, schema_generator=Untitled)
        found |= body.pop("$defs", {})
        told = TOLD.get(model, frozenset())
        body["properties"] = {n: it for n, it in body["properties"].items() if n not in told}
        if "required" in body:
            body["required"] = [n for n in body["required"] if n not in told]
        found[model.__name__] = body
    return found
