"""Webhooks' endpoints and what became of each message for them (B11)."""

from dataclasses import replace
from typing import TypeVar
from uuid import uuid4

from ...api.webhooks import (
    DeliveryState,
    EndpointAsked,
    EndpointMade,
    Endpoints,
    EndpointShown,
    MessagesMoved,
    NewEndpoint,
    Resend,
    RotateSecret,
    WebhookAttempts,
    WebhookDeliveries,
    WebhookDelivery,
    WebhookTested,
)
from ...model import Contract
from .call import Call, Page, as_, asks, get, keyed, nothing, pages

M = TypeVar("M", bound=Contract)


def webhooks() -> Call[Endpoints]:
    """The school's endpoints, Zapier's hooks among them."""
    return get("/v1/webhooks", Endpoints)


def create_webhook(endpoint: NewEndpoint, *, key: str | None = None) -> Call[EndpointMade]:
    """Add an endpoint. Its secret is in this answer and in no other; ``key``: its id."""
    call = asks("POST", "/v1/webhooks", as_(EndpointMade), body=endpoint.to_json())
    return replace(call, headers=keyed(key or str(uuid4())))


def get_webhook(endpoint: str) -> Call[EndpointShown]:
    """An endpoint, and how many messages it has in each state."""
    return get("/v1/webhooks/{endpoint}", EndpointShown, endpoint)


def change_webhook(endpoint: str, to: EndpointAsked) -> Call[EndpointShown]:
    """Let an endpoint be that from now on; its secret, and what waits for it, stay."""
    template = "/v1/webhooks/{endpoint}"
    return asks("PUT", template, as_(EndpointShown), [endpoint], body=to.to_json())


def remove_webhook(endpoint: str) -> Call[None]:
    """Remove an endpoint; what waits for it is never sent."""
    return asks("DELETE", "/v1/webhooks/{endpoint}", nothing, [endpoint])


def disable_webhook(endpoint: str) -> Call[MessagesMoved]:
    """Send it nothing; what waits and what comes is parked until it is enabled."""
    return asks("POST", "/v1/webhooks/{endpoint}/disable", as_(MessagesMoved), [endpoint])


def enable_webhook(endpoint: str, *, leave_parked: bool | None = None) -> Call[MessagesMoved]:
    """Let it get messages again; what is parked is sent to it, under the same ids."""
    template, query = "/v1/webhooks/{endpoint}/enable", {"leave_parked": leave_parked}
    return asks("POST", template, as_(MessagesMoved), [endpoint], query)


def rotate_webhook_secret(endpoint: str, how: RotateSecret) -> Call[EndpointMade]:
    """Give it a new secret, in this answer and in no other; never asked for a second time."""
    return _once("/v1/webhooks/{endpoint}/rotate", EndpointMade, endpoint, how)


def deliveries_of_webhook(
    endpoint: str, *, state: DeliveryState | None = None, limit: int | None = None
) -> Call[Page[WebhookDelivery]]:
    """An endpoint's messages, the newest first."""
    template = "/v1/webhooks/{endpoint}/deliveries"
    return pages(
        *(template, WebhookDeliveries, lambda it: it.deliveries, endpoint),
        query={"state": state, "limit": limit},
    )


def attempts_of_webhook(endpoint: str, *, message: str) -> Call[WebhookAttempts]:
    """Every attempt to deliver a message: when, status, time, how the answer begins."""
    query = {"message": message}
    return get("/v1/webhooks/{endpoint}/attempts", WebhookAttempts, endpoint, query=query)


def try_webhook(endpoint: str, *, wait: int = 0) -> Call[WebhookTested]:
    """Send a test message; with ``wait`` the answer has its first attempt, if that comes."""
    call = _once("/v1/webhooks/{endpoint}/test", WebhookTested, endpoint)
    return replace(call, headers={"prefer": f"wait={wait}"}, wait=wait) if wait else call


def resend_to_webhook(endpoint: str, which: Resend) -> Call[MessagesMoved]:
    """Send messages again under the same ids: one, all that are parked, or those of a time."""
    return _once("/v1/webhooks/{endpoint}/resend", MessagesMoved, endpoint, which)


def _once(template: str, model: type[M], endpoint: str, said: Contract | None = None) -> Call[M]:
    """A call that does more each time: it is not asked again where no answer came."""
    body = None if said is None else said.to_json()
    return asks("POST", template, as_(model), [endpoint], body=body, again=False)
