"""Schedules: operations that begin by themselves, in the name of who made them (B12)."""

from datetime import datetime
from itertools import islice
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.schedules import (
    SchedulePreviewed,
    Schedules,
    ScheduleShown,
    ScheduleSlot,
    ScheduleSlots,
)
from contracts.envelope import timestamp
from contracts.fields import ID_PATTERN
from services.api.acting.beginning import begin
from services.api.acting.keys import id_of
from services.api.commands.idempotency import KEY, PREFER, applied, wait_of
from services.api.commands.results import status_of
from services.api.documenting import UNCHANGED, problems
from services.api.standing import Standing, Stands
from services.api.web.answers import answered
from services.api.web.bodies import body_as, body_of
from services.api.web.pages import Cursor, Limit, paged
from services.api.web.routes import Patient
from services.api.who.caller import Manager, check_administers
from services.api.who.noted import noted
from services.domain.schedules import Schedule, slots
from services.domain.slots import parts
from services.http.paging import wrong_cursor
from services.http.problems import Problem
from services.scheduler.meant import meant
from services.scheduler.slots import refused_now
from services.store import schedules as kept
from services.store.schedules import Kept, NoSlotLeftError, ScheduleExistsError

COMING = 3
"""Slots that are told."""

router = APIRouter(route_class=Patient, tags=["schedules"])

ScheduleId = Annotated[str, Path(pattern=ID_PATTERN, description="The schedule's id.")]


@router.get(
    "/v1/schedules",
    operation_id="schedules",
    response_model=Schedules,
    responses=UNCHANGED,
)
async def schedules(request: Request, standing: Stands, caller: Manager) -> Response:
    """The school's schedules: what each does, for whom, and when it comes next."""
    await check_administers(standing, caller)
    found = await kept.of_school(standing.log.pool, caller.school)
    return answered(Schedules(schedules=tuple(map(_shown, found))), request)


@router.get(
    "/v1/schedules/{schedule}",
    operation_id="get_schedule",
    response_model=ScheduleShown,
    responses=UNCHANGED | problems(400, 404),
)
async def schedule(
    request: Request, schedule: ScheduleId, standing: Stands, caller: Manager
) -> Response:
    """A schedule, its next slots, and for how many it would be now."""
    await check_administers(standing, caller)
    found = await _one(standing, caller.school, schedule)
    return answered(await _looked_at(standing, found), request)


@router.put(
    "/v1/schedules/{schedule}",
    operation_id="put_schedule",
    response_model=ScheduleShown,
    response_description="It is kept, in place of what it was; or would be, of a dry run.",
    responses=problems(400, 404, 408, 409, 413, 415),
    openapi_extra={
        **body_of(Schedule),
        "parameters": [
            {
                "name": "If-None-Match",
                "in": "header",
                "description": "*: only where there is none of that id (409 else).",
                "schema": {"type": "string"},
            }
        ],
    },
)
async def put(
    request: Request,
    schedule: ScheduleId,
    standing: Stands,
    caller: Manager,
    dry_run: Annotated[
        Literal["true", "false"],
        Query(description="Keep nothing, and tell its next slots and for how many it would be."),
    ] = "false",
) -> Response:
    """Keep a schedule; it begins operations in the name of who sent this.

    What no administrator may ask for is refused now, and not at its first slot.
    """
    await check_administers(standing, caller)
    own = {"school": caller.school, "actor": caller.actor, "schedule": schedule}
    wanted = await body_as(request, Schedule, **own)
    pool, now = standing.log.pool, standing.clock()
    refused = await refused_now(pool, wanted, now)
    if refused is not None:
        raise Problem(status_of(refused.code), refused.code, refused.message)
    only_new = request.headers.get("if-none-match", "").strip() == "*"
    looks = dry_run == "true"
    keep = kept.look if looks else kept.put
    try:
        put_ = await keep(pool, wanted, now, only_new=only_new)
    except NoSlotLeftError as error:
        raise _no_slot(error) from None
    except ScheduleExistsError as error:
        raise Problem(
            409, error.code, "There is one of that id; leave out If-None-Match to replace it."
        ) from None
    noted(request).looks = looks
    return answered(await _looked_at(standing, put_) if looks else _shown(put_))


@router.delete(
    "/v1/schedules/{schedule}",
    operation_id="remove_schedule",
    status_code=204,
    response_class=Response,
    response_description="It is removed; what became of its slots stays on record.",
    responses=problems(400, 404),
)
async def remove(schedule: ScheduleId, standing: Stands, caller: Manager) -> Response:
    """Remove a schedule; operations that it began go on."""
    await check_administers(standing, caller)
    if not await kept.remove(standing.log.pool, caller.school, schedule):
        raise _unknown()
    return Response(status_code=204)


@router.post(
    "/v1/schedules/{schedule}/enable",
    operation_id="enable_schedule",
    response_model=ScheduleShown,
    responses=problems(400, 404, 409),
)
async def enable(schedule: ScheduleId, standing: Stands, caller: Manager) -> Response:
    """Let it run again, from its next slot on."""
    await check_administers(standing, caller)
    return await _switched(standing, caller.school, schedule, enabled=True)


@router.post(
    "/v1/schedules/{schedule}/disable",
    operation_id="disable_schedule",
    response_model=ScheduleShown,
    responses=problems(400, 404, 409),
)
async def disable(schedule: ScheduleId, standing: Stands, caller: Manager) -> Response:
    """Let it rest; slots that come meanwhile are not caught up."""
    await check_administers(standing, caller)
    return await _switched(standing, caller.school, schedule, enabled=False)


@router.get(
    "/v1/schedules/{schedule}/slots",
    operation_id="slots_of_schedule",
    response_model=ScheduleSlots,
    responses=UNCHANGED | problems(400, 404),
)
async def slots_of(
    request: Request,
    schedule: ScheduleId,
    standing: Stands,
    caller: Manager,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """What became of each slot: begun, nobody, refused or missed, and why; Link leads on."""
    await check_administers(standing, caller)
    pool, before = standing.log.pool, _moment(cursor)
    found = await kept.slots_of(pool, caller.school, schedule, limit + 1, before)
    if not found:
        await _one(standing, caller.school, schedule)
    page, link = paged(request, found, limit, lambda it: timestamp(it.slot_at))
    told = ScheduleSlots(slots=tuple(ScheduleSlot(**it._asdict()) for it in page))
    return answered(told, request, link)


@router.post(
    "/v1/schedules/{schedule}/preview",
    operation_id="preview_schedule",
    status_code=202,
    response_model=SchedulePreviewed,
    response_description="A dry run was sent, as an operation.",
    responses=problems(400, 403, 404, 409, 422),
    openapi_extra={"parameters": [KEY, PREFER]},
)
async def preview(
    request: Request, schedule: ScheduleId, standing: Stands, caller: Manager
) -> Response:
    """Find out what its next slot would do to whom it finds now; nothing is changed.

    The Idempotency-Key becomes the operation's id; once others are meant, send another. With
    `Prefer: wait=N` the answer waits until the dry run has begun, and is a problem where it cannot.
    """
    await check_administers(standing, caller)
    operation, wait = id_of(request), wait_of(request)
    found = await _one(standing, caller.school, schedule)
    slot = found.next_at or standing.clock()
    whom = await meant(standing.log.pool, found.schedule, slot)
    told = SchedulePreviewed(slot_at=slot, learners=whom.number)
    if not whom.number:
        return answered(told, status=202)
    asked = list(
        parts(
            *(found.schedule, operation, whom.whom, whom.completed_until),
            source="api",
            dry_run=True,
        )
    )
    await begin(standing, operation, asked, wait)
    where = f"/v1/operations/{quote(operation, safe='')}"
    told = told.model_copy(update={"operation": where})
    return answered(told, headers={"Location": where} | applied(wait), status=202)


async def _one(standing: Standing, school: str, schedule: str) -> Kept:
    found = await kept.read(standing.log.pool, school, schedule)
    if found is None:
        raise _unknown()
    return found


async def _looked_at(standing: Standing, it: Kept) -> ScheduleShown:
    """With its next slots, and for how many it would be now."""
    now = standing.clock()
    coming = islice(slots(it.schedule, now), COMING) if it.schedule.enabled else ()
    whom = await meant(standing.log.pool, it.schedule, now)
    more = {"coming": tuple(coming), "learners": whom.number, "learners_exactly": whom.exactly}
    return _shown(it).model_copy(update=more)


async def _switched(standing: Standing, school: str, schedule: str, *, enabled: bool) -> Response:
    pool, now = standing.log.pool, standing.clock()
    try:
        found = await kept.switch(pool, school, schedule, now, enabled=enabled)
    except NoSlotLeftError as error:
        raise _no_slot(error) from None
    if found is None:
        raise _unknown()
    return answered(_shown(found))


def _no_slot(error: NoSlotLeftError) -> Problem:
    return Problem(409, error.code, str(error))


def _unknown() -> Problem:
    return Problem(404, "unknown_schedule", "The school has no such schedule; see /v1/schedules.")


def _shown(it: Kept) -> ScheduleShown:
    fields = it.schedule.model_dump(exclude={"school", "task"})
    task = it.schedule.task.model_dump(mode="json", exclude_none=True)
    return ScheduleShown(
        **fields,
        task=task,
        next_at=it.next_at,
        created_at=it.created_at,
        changed_at=it.changed_at,
    )


def _moment(cursor: str | None) -> datetime | None:
    if cursor is None:
        return None
    try:
        found = datetime.fromisoformat(cursor)
    except ValueError:
        raise wrong_cursor() from None
    if found.tzinfo is None:
        raise wrong_cursor()
    return found
