"""Webhooks' endpoints: made, changed, held, removed, and given new secrets (B11)."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import NAMESPACE_URL, uuid5

import asyncpg
from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.webhooks import (
    ENDPOINT_PATTERN,
    EndpointAsked,
    EndpointMade,
    Endpoints,
    EndpointShown,
    MessagesMoved,
    NewEndpoint,
    RotateSecret,
)
from services.api.commands.idempotency import KEY, key_of, reused
from services.api.documenting import UNCHANGED, problems
from services.api.standing import Standing, Stands
from services.api.web.answers import answered
from services.api.web.bodies import body_as, body_of
from services.api.web.routes import Bounded
from services.api.who.caller import Manager, check_administers
from services.http.problems import Problem
from services.webhooks import endpoints as kept
from services.webhooks.deliveries import Deliveries
from services.webhooks.signing import SecretWrongError, read_secret
from services.webhooks.urls import UrlRefusedError

router = APIRouter(route_class=Bounded, tags=["webhooks"])

EndpointId = Annotated[str, Path(pattern=ENDPOINT_PATTERN, description="The endpoint's id.")]


@router.get(
    "/v1/webhooks",
    operation_id="webhooks",
    response_model=Endpoints,
    responses=UNCHANGED,
)
async def webhooks(request: Request, standing: Stands, caller: Manager) -> Response:
    """The school's endpoints, Zapier's hooks among them."""
    await check_administers(standing, caller)
    found = await kept.Endpoints(standing.log.pool).list(caller.school)
    return answered(Endpoints(endpoints=tuple(map(_shown, found))), request)


@router.post(
    "/v1/webhooks",
    operation_id="create_webhook",
    status_code=201,
    response_model=EndpointMade,
    response_description="It gets what happens from now on.",
    responses=problems(400, 408, 409, 413, 415, 422),
    openapi_extra={**body_of(NewEndpoint), "parameters": [KEY]},
)
async def create(request: Request, standing: Stands, caller: Manager) -> Response:
    """Add an endpoint. Its secret is in this answer and in no other.

    The same Idempotency-Key again makes no second one, and has no secret in its answer.
    """
    await check_administers(standing, caller)
    key, asked = key_of(request), await body_as(request, NewEndpoint)
    known, wanted, secret = kept.Endpoints(standing.log.pool), kept.wanted(asked), None
    id_ = f"ep_{uuid5(NAMESPACE_URL, f'coursemark:endpoint:{caller.school}/{key}').hex[:24]}"
    try:
        if not await _is_there(standing, caller.school, id_):
            made = await known.create(
                caller.school,
                wanted,
                standing.clock(),
                secret=_secret(asked.secret),
                endpoint=id_,
            )
            secret = made.secret
    except asyncpg.UniqueViolationError:
        pass  # the same request came twice at one moment; the other one has the secret
    except UrlRefusedError as error:
        raise Problem(400, error.code, str(error)) from None
    except kept.TooManyEndpointsError as error:
        raise Problem(409, error.code, str(error)) from None
    there = await one(standing, caller.school, id_)
    if _as_asked(there) != asked.model_copy(update={"secret": None}):
        raise reused(key)
    told = EndpointMade(endpoint=_shown(there), secret=secret)
    return answered(told, headers={"Location": f"/v1/webhooks/{id_}"}, status=201)


@router.get(
    "/v1/webhooks/{endpoint}",
    operation_id="get_webhook",
    response_model=EndpointShown,
    responses=UNCHANGED | problems(400, 404),
)
async def webhook(
    request: Request, endpoint: EndpointId, standing: Stands, caller: Manager
) -> Response:
    """An endpoint, and how many messages it has in each state."""
    await check_administers(standing, caller)
    found = await one(standing, caller.school, endpoint)
    counts = await Deliveries(standing.log.pool).counts(caller.school, endpoint)
    return answered(_shown(found).model_copy(update={"messages": counts}), request)


@router.put(
    "/v1/webhooks/{endpoint}",
    operation_id="change_webhook",
    response_model=EndpointShown,
    responses=problems(400, 404, 408, 409, 413, 415),
    openapi_extra=body_of(EndpointAsked),
)
async def change(
    request: Request, endpoint: EndpointId, standing: Stands, caller: Manager
) -> Response:
    """Let an endpoint be that from now on; its secret, and what waits for it, stay."""
    await check_administers(standing, caller)
    asked = await body_as(request, EndpointAsked)
    if (await one(standing, caller.school, endpoint)).kind == "zapier":
        raise Problem(409, "zapiers_hook", "Zapier makes and changes this one; change it there.")
    try:
        await kept.Endpoints(standing.log.pool).change(caller.school, endpoint, kept.wanted(asked))
    except UrlRefusedError as error:
        raise Problem(400, error.code, str(error)) from None
    except kept.UnknownEndpointError:
        raise unknown_endpoint() from None
    return answered(_shown(await one(standing, caller.school, endpoint)))


@router.delete(
    "/v1/webhooks/{endpoint}",
    operation_id="remove_webhook",
    status_code=204,
    response_class=Response,
    response_description="It is removed, with its messages and their log.",
    responses=problems(400, 404),
)
async def remove(endpoint: EndpointId, standing: Stands, caller: Manager) -> Response:
    """Remove an endpoint; what waits for it is never sent."""
    await check_administers(standing, caller)
    try:
        await kept.Endpoints(standing.log.pool).remove(caller.school, endpoint)
    except kept.UnknownEndpointError:
        raise unknown_endpoint() from None
    return Response(status_code=204)


@router.post(
    "/v1/webhooks/{endpoint}/disable",
    operation_id="disable_webhook",
    response_model=MessagesMoved,
    responses=problems(400, 404),
)
async def disable(endpoint: EndpointId, standing: Stands, caller: Manager) -> Response:
    """Send it nothing; what waits and what comes is parked until it is enabled."""
    await check_administers(standing, caller)
    try:
        count = await kept.Endpoints(standing.log.pool).disable(
            caller.school, endpoint, standing.clock()
        )
    except kept.UnknownEndpointError:
        raise unknown_endpoint() from None
    return answered(MessagesMoved(messages=count))


@router.post(
    "/v1/webhooks/{endpoint}/enable",
    operation_id="enable_webhook",
    response_model=MessagesMoved,
    responses=problems(400, 404),
)
async def enable(
    endpoint: EndpointId,
    standing: Stands,
    caller: Manager,
    leave_parked: Annotated[
        Literal["true", "false"], Query(description="Send nothing of what is parked.")
    ] = "false",
) -> Response:
    """Let it get messages again; what is parked is sent to it, under the same ids."""
    await check_administers(standing, caller)
    try:
        count = await kept.Endpoints(standing.log.pool).enable(
            caller.school, endpoint, standing.clock(), leave_parked=leave_parked == "true"
        )
    except kept.UnknownEndpointError:
        raise unknown_endpoint() from None
    return answered(MessagesMoved(messages=count))


@router.post(
    "/v1/webhooks/{endpoint}/rotate",
    operation_id="rotate_webhook_secret",
    response_model=EndpointMade,
    responses=problems(400, 404, 408, 413, 415),
    openapi_extra=body_of(RotateSecret),
)
async def rotate(
    request: Request, endpoint: EndpointId, standing: Stands, caller: Manager
) -> Response:
    """Give it a new secret, in this answer and in no other; the old one signs a while longer."""
    await check_administers(standing, caller)
    asked = await body_as(request, RotateSecret)
    overlap, secret = timedelta(hours=asked.overlap_hours), _secret(asked.secret)
    try:
        made = await kept.Endpoints(standing.log.pool).rotate(
            caller.school, endpoint, standing.clock(), overlap, secret=secret
        )
    except kept.UnknownEndpointError:
        raise unknown_endpoint() from None
    shown = _shown(await one(standing, caller.school, endpoint))
    return answered(EndpointMade(endpoint=shown, secret=made.secret))


async def one(standing: Standing, school: str, endpoint: str) -> kept.Endpoint:
    """The endpoint of that id.

    Raises:
        Problem: 404.
    """
    try:
        return await kept.Endpoints(standing.log.pool).get(school, endpoint)
    except kept.UnknownEndpointError:
        raise unknown_endpoint() from None


def unknown_endpoint() -> Problem:
    """404."""
    return Problem(404, "unknown_endpoint", "The school has no such endpoint; see /v1/webhooks.")


async def _is_there(standing: Standing, school: str, endpoint: str) -> bool:
    try:
        await kept.Endpoints(standing.log.pool).get(school, endpoint)
    except kept.UnknownEndpointError:
        return False
    return True


def _secret(given: str | None) -> bytes | None:
    try:
        return None if given is None else read_secret(given)
    except SecretWrongError as error:
        raise Problem(400, error.code, str(error)) from None


def _as_asked(there: kept.Endpoint) -> NewEndpoint:
    return NewEndpoint.model_validate(
        {name: getattr(there, name) for name in EndpointAsked.model_fields}, strict=False
    )


def _shown(it: kept.Endpoint) -> EndpointShown:
    fields = it._asdict()
    del fields["school"]
    return EndpointShown.model_validate(fields, strict=False)
