"""Enrolling in a course or a learning programme, and ending the enrolment in a course.

LearnWorlds answers when it is done; so does this, as far as it is done in time.
"""

from typing import Any, NoReturn

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.compatible import Enrolled, EnrollmentAsked, ProductAsked
from contracts.commands import EnrollLearner, UnenrollLearner
from contracts.operations import FINAL, BulkEnroll
from contracts.problems import sentence
from services.api.commands.asked import Asked
from services.api.compatible.asking import Commander, User, body_of, user_of
from services.api.compatible.ends import ended, failure_of
from services.api.compatible.errors import BASE, errors
from services.api.compatible.sending import asks, job_id_of, refused, send, until_shown
from services.api.standing import Standing, Stands
from services.api.web.answers import answered
from services.api.web.routes import Patient
from services.api.who.caller import Caller, check_administers
from services.http.problems import Problem

WAIT_SECONDS = 15
"""For a result, and for an operation to end."""

router = APIRouter(route_class=Patient, tags=["compatible"])


@router.post(
    f"{BASE}/users/{{user:path}}/enrollment",
    operation_id="compatible_enroll",
    response_model=Enrolled,
    responses=errors(400, 408, 409, 413, 415),
    openapi_extra=asks(
        EnrollmentAsked,
        {
            "productId": "biology-1",
            "productType": "course",
            "justification": "Added by admin",
            "price": 0,
            "send_enrollment_email": False,
        },
    ),
)
async def enroll(request: Request, user: User, standing: Stands, caller: Commander) -> Response:
    """Enrol a user in a course, or in every course of a learning programme (bundle).

    Who is enrolled already stays so, and that is a success.
    """
    asked = await body_of(request, EnrollmentAsked)
    _check_kept(asked)
    learner = await user_of(request, standing, caller, user, check_administers)
    job = job_id_of(request)
    if asked.product_type == "bundle":
        return answered(await _in_program(standing, caller, job, learner, asked))
    command = EnrollLearner(
        school=caller.school,
        actor=caller.actor,
        source="api",
        learner=learner,
        course=asked.product_id,
    )
    result = await _done(standing, caller, job, command, "already_enrolled")
    await until_shown(standing, result)
    return answered(Enrolled(success=True, job_id=job))


@router.delete(
    f"{BASE}/users/{{user:path}}/enrollment",
    operation_id="compatible_unenroll",
    status_code=204,
    responses=errors(400, 408, 409, 413, 415),
    openapi_extra=asks(ProductAsked, {"productId": "biology-1", "productType": "course"}),
)
async def unenroll(request: Request, user: User, standing: Stands, caller: Commander) -> Response:
    """End a user's enrolment in a course; the record stays (R6).

    Who is not enrolled stays so, and that is a success.
    """
    asked = await body_of(request, ProductAsked)
    _check_kept(asked)
    if asked.product_type == "bundle":
        raise Problem(
            422,
            "no_such_product",
            "A learning programme has no enrolment of its own; end those in its courses.",
        )
    learner = await user_of(request, standing, caller, user, check_administers)
    command = UnenrollLearner(
        school=caller.school,
        actor=caller.actor,
        source="api",
        learner=learner,
        course=asked.product_id,
    )
    result = await _done(standing, caller, job_id_of(request), command, "not_enrolled")
    await until_shown(standing, result)
    return Response(status_code=204)


def _check_kept(asked: ProductAsked) -> None:
    if asked.product_type == "subscription":
        raise Problem(
            422,
            "no_such_product",
            "Coursemark has courses and learning programmes (bundle), and no subscriptions.",
        )


async def _done(
    standing: Standing, caller: Caller, job: str, command: Asked, also: str | None = None
) -> dict[str, Any]:
    """The result of the command, which is carried out; reads may not show it yet.

    ``also``: the code of a rejection that says that it is so already.

    Raises:
        Problem: it was refused, or is not carried out in time.
    """
    result = await send(standing, caller, job, command, WAIT_SECONDS)
    if result is None:
        _not_yet(job)
    if result["outcome"] == "rejected" and result["code"] != also:
        raise refused(result["code"], result["message"])
    return result


async def _in_program(
    standing: Standing, caller: Caller, job: str, learner: str, asked: EnrollmentAsked
) -> Enrolled:
    """By an operation of one learner, named like the job."""
    try:
        command = BulkEnroll(
            school=caller.school,
            operation=job,
            actor=caller.actor or "",
            source="api",
            note=asked.justification,
            learners=(learner,),
            programs=(asked.product_id,),
        )
    except ValidationError as error:  # a key that is good for a command, and not for an operation
        raise Problem(422, "invalid_request", sentence(error)) from None
    await _done(standing, caller, job, command)
    report = await ended(standing, caller, job, WAIT_SECONDS)
    failure = failure_of(report)
    if failure is None and report.state not in FINAL:
        _not_yet(job)
    await until_shown(standing, {})
    return Enrolled(success=failure is None, job_id=job, error=failure)


def _not_yet(job: str) -> NoReturn:
    raise Problem(
        503,
        "not_yet",
        f"It is on its way and not carried out yet: see {BASE}/jobs/{job}, or send it again.",
        headers={"Retry-After": "2"},
    )
