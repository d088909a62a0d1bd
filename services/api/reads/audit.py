"""The school's audit log, for its administrators."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.audit import Audit, Audited, Narrowed
from services.api.documenting import UNCHANGED, problems
from services.api.standing import Stands
from services.api.web.answers import answered
from services.api.web.moments import cursor_at, moment_of
from services.api.web.pages import paged
from services.api.web.routes import Bounded
from services.api.who.caller import Manager, check_administers
from services.http.paging import wrong_cursor
from services.store.audit import AuditLog, Entry, Wanted

router = APIRouter(route_class=Bounded, tags=["audit"])


class Asked(Narrowed):
    """Which entries, and how many of them; as parameters, where all is text."""

    model_config = ConfigDict(strict=False)

    limit: int = Field(50, ge=1, le=200, description="Entries of a page.")
    cursor: str | None = Field(
        None, max_length=100, description="Where a page begins: as Link had it."
    )


@router.get(
    "/v1/audit",
    operation_id="audit",
    response_model=Audit,
    responses=UNCHANGED | problems(400),
)
async def audit(
    request: Request, standing: Stands, caller: Manager, asked: Annotated[Asked, Query()]
) -> Response:
    """Who was refused, and who changed what, over HTTP, the newest first; Link leads on.

    Entries are written a moment after the answer. Refusals that are alike are counted by the
    minute. Whoever shows no token of the school's is in no school's log.
    """
    await check_administers(standing, caller)
    narrowed = asked.model_dump(exclude={"limit", "cursor"})
    wanted = Wanted(caller.school, statuses=narrowed.pop("status"), **narrowed)
    log = AuditLog(standing.log.pool)
    found = await log.page(wanted, before=_before(asked.cursor), limit=asked.limit + 1)
    page, link = paged(request, found, asked.limit, lambda it: cursor_at(it.at, str(it.id)))
    return answered(Audit(entries=tuple(map(_shown, page))), request, link)


def _shown(entry: Entry) -> Audited:
    fields = entry._asdict() | {"id": str(entry.id)}
    del fields["school"]
    return Audited(**fields)


def _before(cursor: str | None) -> tuple[datetime, UUID] | None:
    found = moment_of(cursor)
    try:
        return None if found is None else (found[0], UUID(found[1]))
    except ValueError:
        raise wrong_cursor() from None
