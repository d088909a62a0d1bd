"""What became of an endpoint's messages: read, tried, and sent again (B11)."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.webhooks import (
    DeliveryState,
    MessagesMoved,
    Resend,
    WebhookAttempt,
    WebhookAttempts,
    WebhookDeliveries,
    WebhookDelivery,
    WebhookTested,
)
from contracts.fields import NO_NUL_PATTERN
from services.api.acting.webhooks import EndpointId, unknown_endpoint
from services.api.commands.idempotency import PREFER, applied, wait_of
from services.api.documenting import UNCHANGED, problems
from services.api.standing import Stands
from services.api.web.answers import answered
from services.api.web.bodies import body_as, body_of
from services.api.web.pages import Cursor, Limit, paged, place_of
from services.api.web.routes import Patient
from services.api.who.caller import Manager, check_administers
from services.http.problems import Problem
from services.runtime.embedded.waiting import until
from services.webhooks import deliveries as kept
from services.webhooks.endpoints import UnknownEndpointError

LOOK_SECONDS = 0.2
_LONGEST = 18
"""Digits of a place: an int8."""

router = APIRouter(route_class=Patient, tags=["webhooks"])


@router.get(
    "/v1/webhooks/{endpoint}/deliveries",
    operation_id="deliveries_of_webhook",
    response_model=WebhookDeliveries,
    responses=UNCHANGED | problems(400, 404),
)
async def deliveries(
    request: Request,
    endpoint: EndpointId,
    standing: Stands,
    caller: Manager,
    state: Annotated[DeliveryState | None, Query(description="In this state alone.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """An endpoint's messages, the newest first; the header Link leads on."""
    await check_administers(standing, caller)
    log = kept.Deliveries(standing.log.pool)
    before = None if cursor is None else place_of(cursor, _LONGEST)
    try:
        found = await log.page(caller.school, endpoint, state, before, limit + 1)
    except UnknownEndpointError:
        raise unknown_endpoint() from None
    page, link = paged(request, found, limit, lambda it: str(it[0]))
    told = tuple(_delivery(delivery) for _, delivery in page)
    return answered(WebhookDeliveries(deliveries=told), request, link)


@router.get(
    "/v1/webhooks/{endpoint}/attempts",
    operation_id="attempts_of_webhook",
    response_model=WebhookAttempts,
    responses=UNCHANGED | problems(400, 404),
)
async def attempts(
    request: Request,
    endpoint: EndpointId,
    standing: Stands,
    caller: Manager,
    message: Annotated[
        str, Query(max_length=600, pattern=NO_NUL_PATTERN, description="The message's id.")
    ],
) -> Response:
    """Every attempt to deliver a message: when, status, time, how the answer begins."""
    await check_administers(standing, caller)
    log = kept.Deliveries(standing.log.pool)
    try:
        found = await log.attempts(caller.school, endpoint, message)
    except UnknownEndpointError:
        raise unknown_endpoint() from None
    return answered(WebhookAttempts(attempts=tuple(map(_attempt, found))), request)


@router.post(
    "/v1/webhooks/{endpoint}/test",
    operation_id="try_webhook",
    status_code=202,
    response_model=WebhookTested,
    response_description="It is queued; with Prefer: wait also what was answered.",
    responses=problems(400, 404, 409),
    openapi_extra={"parameters": [PREFER]},
)
async def test(
    request: Request, endpoint: EndpointId, standing: Stands, caller: Manager
) -> Response:
    """Send a test message, whatever the endpoint asks for."""
    await check_administers(standing, caller)
    log, wait = kept.Deliveries(standing.log.pool), wait_of(request)
    found: list[kept.Attempt] = []
    try:
        message = await log.test(caller.school, endpoint, standing.clock())
    except UnknownEndpointError:
        raise unknown_endpoint() from None
    except kept.EndpointDisabledError as error:
        raise _disabled(error) from None

    async def tried() -> bool:
        found.extend(await log.attempts(caller.school, endpoint, message))
        return bool(found)

    if wait:
        await until(tried, within=wait, every=LOOK_SECONDS)
    told = WebhookTested(message=message, attempt=_attempt(found[0]) if found else None)
    return answered(told, headers=applied(wait), status=202)


@router.post(
    "/v1/webhooks/{endpoint}/resend",
    operation_id="resend_to_webhook",
    response_model=MessagesMoved,
    responses=problems(400, 404, 408, 409, 413, 415),
    openapi_extra=body_of(Resend),
)
async def resend(
    request: Request, endpoint: EndpointId, standing: Stands, caller: Manager
) -> Response:
    """Send messages again under the same ids: one, all that are parked, or those of a time."""
    await check_administers(standing, caller)
    chosen = _chosen(await body_as(request, Resend))
    log = kept.Deliveries(standing.log.pool)
    try:
        count = await log.resend(caller.school, endpoint, chosen, standing.clock())
    except UnknownEndpointError:
        raise unknown_endpoint() from None
    except kept.EndpointDisabledError as error:
        raise _disabled(error) from None
    return answered(MessagesMoved(messages=count))


def _chosen(asked: Resend) -> kept.Chosen:
    in_time = asked.since is not None or asked.until is not None
    if (asked.message is not None) + asked.failed + in_time != 1:
        raise Problem(400, "invalid_request", "Name a message, or say failed, or since and until.")
    if asked.delivered and not in_time:
        raise Problem(400, "invalid_request", "delivered goes with since and until alone.")
    return kept.chosen(asked)


def _disabled(error: kept.EndpointDisabledError) -> Problem:
    return Problem(409, error.code, "The endpoint is disabled; enable it first.")


def _delivery(it: kept.Delivery) -> WebhookDelivery:
    return WebhookDelivery(**it._asdict())


def _attempt(it: kept.Attempt) -> WebhookAttempt:
    return WebhookAttempt(**it._asdict() | {"answer": kept.answer(it)})
