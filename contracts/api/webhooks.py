"""Webhooks' endpoints of a school, and what became of each message for them (B11)."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from ..fields import NO_NUL_PATTERN, CourseId, Instant, Label
from ..model import Contract
from ..webhooks import Trigger

ENDPOINT_PATTERN = r"^[A-Za-z0-9_-]{1,64}$"
"""Of an endpoint's id."""
Completions = Literal["all", "manual", "not_manual"]
DeliveryState = Literal["pending", "delivered", "parked"]
Secret = Annotated[
    str,
    Field(max_length=200, description="whsec_..., where the receiver made it; none: one is made."),
]


class EndpointAsked(Contract):
    """What an endpoint is to be; lists of none let everything through."""

    url: str = Field(max_length=2_048, description="https://..., where messages are posted.")
    description: Label | None = None
    triggers: Annotated[tuple[Trigger, ...], Field(min_length=1, max_length=50)] | None = None
    courses: Annotated[tuple[CourseId, ...], Field(min_length=1, max_length=1_000)] | None = None
    completions: Completions = Field(
        "all", description="manual: those by an administrator alone; not_manual: no such ones."
    )
    ordered: bool = Field(False, description="Each learner's messages in order.")
    concurrency: Annotated[int, Field(ge=1, le=100)] = Field(16, description="Requests at once.")
    rate: Annotated[float, Field(ge=0.01, le=10_000)] | None = Field(
        None, description="Requests a second at the most."
    )


class NewEndpoint(EndpointAsked):
    """The same, of one that is made."""

    secret: Secret | None = None


class EndpointShown(Contract):
    """An endpoint as it stands, without its secret."""

    endpoint: str
    kind: Literal["webhook", "zapier"]
    url: str
    description: str | None = None
    triggers: tuple[Trigger, ...] | None = None
    courses: tuple[str, ...] | None = None
    completions: Completions
    ordered: bool
    concurrency: int
    rate: float | None = None
    created_at: Instant
    state: Literal["enabled", "disabled"]
    cause: Literal["administrator", "gone", "failing"] | None = Field(
        None, description="Why it is disabled."
    )
    disabled_at: Instant | None = None
    failing_since: Instant | None = None
    messages: Mapping[str, int] | None = Field(None, description="How many, by state.")


class Endpoints(Contract):
    """The school's endpoints, Zapier's hooks among them, the oldest first."""

    endpoints: tuple[EndpointShown, ...]


class EndpointMade(Contract):
    """A new endpoint, or a new secret: this once."""

    endpoint: EndpointShown
    secret: str | None = Field(
        None, description="Verifies signatures. None in a repeat: rotate it if it was lost."
    )


class RotateSecret(Contract):
    """A new secret; the old one signs beside it for a while."""

    overlap_hours: Annotated[float, Field(ge=0, le=720)] = 24
    secret: Secret | None = None


class MessagesMoved(Contract):
    """How many messages were parked, or are sent again."""

    messages: int


class Resend(Contract):
    """Which messages are sent again: one, all that are parked, or what came in a time."""

    message: Annotated[str, Field(min_length=1, max_length=600, pattern=NO_NUL_PATTERN)] | None = (
        None
    )
    failed: bool = Field(False, description="All that are parked.")
    since: Instant | None = None
    until: Instant | None = Field(None, description="Before then.")
    delivered: bool = Field(False, description="Of a time: also what was delivered.")


class WebhookDelivery(Contract):
    """A message for an endpoint."""

    message: str
    trigger: str
    learner: str
    state: DeliveryState
    attempts: int
    code: str | None = Field(None, description="Why the last attempt failed.")
    next_at: Instant | None = Field(None, description="The next attempt, of one that is pending.")
    changed_at: Instant


class WebhookDeliveries(Contract):
    """A page of an endpoint's messages, the newest first."""

    deliveries: tuple[WebhookDelivery, ...]


class WebhookAttempt(Contract):
    """One request."""

    at: Instant
    status: int | None = Field(None, description="HTTP's; none: there was no answer.")
    code: str | None = Field(None, description="None: it was taken.")
    milliseconds: int
    answer: str = Field(description="How the answer's body begins.")


class WebhookAttempts(Contract):
    """Every attempt to deliver a message, the first one first."""

    attempts: tuple[WebhookAttempt, ...]


class WebhookTested(Contract):
    """A test message; ``attempt``: the first one, where it was waited for and came."""

    message: str
    attempt: WebhookAttempt | None = None
