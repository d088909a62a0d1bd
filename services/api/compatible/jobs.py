"""Marking complete and resetting, each a job whose end is read at an address of its own."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.compatible import CompletionAsked, Job, JobTaken, ResetAsked
from contracts.commands import WHOLE_COURSE, MarkComplete, ResetProgress, SelectingCommand
from contracts.fields import COMMAND_ID_PATTERN
from services.api.commands.results import may_see
from services.api.compatible.asking import (
    Commander,
    CourseName,
    JobReader,
    User,
    body_of,
    course_of,
    user_of,
)
from services.api.compatible.ends import end_of
from services.api.compatible.errors import BASE, errors
from services.api.compatible.sending import asks, check_at_once, job_id_of, send
from services.api.standing import Standing, Stands
from services.api.web.answers import answered
from services.api.web.routes import Patient
from services.api.who.caller import Caller, check_administers
from services.http.problems import Problem

LOOK_SECONDS = 1
"""How long the read of a job waits for its end."""

router = APIRouter(route_class=Patient, tags=["compatible"])


@router.post(
    f"{BASE}/users/{{user:path}}/courses/{{course}}/complete",
    operation_id="compatible_complete",
    response_model=JobTaken,
    responses=errors(400, 408, 409, 413, 415),
    openapi_extra=asks(CompletionAsked, {"send_course_complete_email": False, "units": []}),
)
async def complete(
    request: Request, user: User, course: CourseName, standing: Stands, caller: Commander
) -> Response:
    """Mark activities of a course, or all of it, as complete for a user (M1, M4)."""
    asked = await body_of(request, CompletionAsked)
    learner = await user_of(request, standing, caller, user, check_administers)
    fields = _selection(caller, learner, course, asked.units)
    command = MarkComplete(**fields, send_completion_email=asked.send_course_complete_email)
    return await _begin(request, standing, caller, command)


@router.post(
    f"{BASE}/users/{{user:path}}/courses/{{course}}/reset",
    operation_id="compatible_reset",
    response_model=JobTaken,
    responses=errors(400, 408, 409, 413, 415),
    openapi_extra=asks(ResetAsked, {"units": ["cells-quiz"]}),
)
async def reset(
    request: Request, user: User, course: CourseName, standing: Stands, caller: Commander
) -> Response:
    """Reset a user's progress in activities of a course, or in all of it (R1)."""
    asked = await body_of(request, ResetAsked)
    learner = await user_of(request, standing, caller, user, check_administers)
    fields = _selection(caller, learner, course, asked.units)
    return await _begin(request, standing, caller, ResetProgress(**fields))


@router.get(
    f"{BASE}/jobs/{{job:path}}",
    operation_id="compatible_job",
    response_model=Job,
    responses=errors(),
)
async def job(
    job: Annotated[
        str,
        Path(
            pattern=COMMAND_ID_PATTERN,
            description="Its job_id.",
            examples=["8e03978e-40d5-43d9-9bc0-6894a57f9324"],
        ),
    ],
    standing: Stands,
    caller: JobReader,
) -> Response:
    """What has become of a job: `async` is true while it goes on.

    404 where there is none, or where another process took it and it has not come to its end.
    """
    key = caller.school, job
    given = await standing.receipts.find(key) or await standing.receipts.wait(key, LOOK_SECONDS)
    result = None if given is None else orjson.loads(given.result)
    if result is not None and await may_see(standing, caller, result):
        return answered(await end_of(standing, job, result))
    if result is None and standing.underway.knows(key):
        return answered(Job(async_=True, job_id=job, status="pending", error=None, code=None))
    raise Problem(
        404,
        "unknown_job",
        "There is no such job, or it has not come to its end yet; check the id, or ask again.",
        headers={"Retry-After": "1"},
    )


def _selection(caller: Caller, learner: str, course: str, units: tuple[str, ...]) -> dict[str, Any]:
    """The fields of a command over some activities, each once, or over the whole course.

    Raises:
        Problem: 404.
    """
    return {
        "school": caller.school,
        "actor": caller.actor,
        "source": "api",
        "learner": learner,
        "course": course_of(course),
        "activities": tuple(dict.fromkeys(units)) or WHOLE_COURSE,
    }


async def _begin(
    request: Request, standing: Standing, caller: Caller, command: SelectingCommand
) -> Response:
    job = job_id_of(request)
    await check_at_once(standing, job, command)
    result = await send(standing, caller, job, command)
    return answered(JobTaken(async_=result is None, job_id=job))
