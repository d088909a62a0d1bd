"""The school's policy: read, and set but for what needs a second pair of eyes (B3, B4)."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.policy import SchoolPolicy
from services.api.documenting import UNCHANGED, problems
from services.api.standing import Stands
from services.api.web.answers import answered
from services.api.web.bodies import body_as, body_of
from services.api.web.routes import Bounded
from services.api.who.caller import Manager, check_administers
from services.domain.policy import Policy, loosens_four_eyes
from services.http.problems import Problem
from services.store.policies import policy_of, set_policy

router = APIRouter(route_class=Bounded, tags=["policy"])


@router.get("/v1/policy", operation_id="policy", response_model=SchoolPolicy, responses=UNCHANGED)
async def policy(request: Request, standing: Stands, caller: Manager) -> Response:
    """How far back commands may lie, their reasons, notes, four eyes."""
    await check_administers(standing, caller)
    return answered(_shown(await policy_of(standing.log.pool, caller.school)), request)


@router.put(
    "/v1/policy",
    operation_id="set_policy",
    response_model=SchoolPolicy,
    responses=problems(400, 408, 413, 415),
    openapi_extra=body_of(SchoolPolicy),
)
async def put(request: Request, standing: Stands, caller: Manager) -> Response:
    """Set the policy in place of what it was; what is left out is no limit.

    That fewer operations wait for a second administrator is no administrator's to set alone: who
    runs Coursemark does it.
    """
    await check_administers(standing, caller)
    asked, pool = await body_as(request, SchoolPolicy), standing.log.pool
    wanted = _policy(asked)
    if loosens_four_eyes(await policy_of(pool, caller.school), wanted):
        raise Problem(
            403,
            "not_permitted",
            "four_eyes_above: one administrator cannot lift what needs two; leave it as it is or "
            "lower it, or ask who runs Coursemark (`coursemark policies set`).",
        )
    await set_policy(pool, caller.school, wanted)
    return answered(_shown(wanted))


def _policy(asked: SchoolPolicy) -> Policy:
    fields = dict(asked)
    fields["reasons"] = None if asked.reasons is None else frozenset(asked.reasons)
    return Policy(**fields)


def _shown(policy: Policy) -> SchoolPolicy:
    reasons = None if policy.reasons is None else tuple(sorted(policy.reasons))
    return SchoolPolicy(**policy._asdict() | {"reasons": reasons})
