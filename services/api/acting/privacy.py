"""A person's data in one document, and a person erased (GDPR): for administrators alone."""

from collections.abc import AsyncIterator, Iterable
from typing import Annotated

import asyncpg
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.privacy import (
    Erased,
    ErasePerson,
    Erasure,
    Erasures,
    Held,
    HeldOfPerson,
    Left,
    StepDone,
)
from contracts.envelope import JSON
from contracts.fields import ID_PATTERN
from services.api.commands.sending import Sender
from services.api.documenting import UNCHANGED, problems
from services.api.standing import Stands
from services.api.web.answers import answered
from services.api.web.bodies import body_as, body_of
from services.api.web.files import attachment
from services.api.web.moments import cursor_at, moment_of
from services.api.web.pages import Cursor, Limit, paged
from services.api.web.routes import Patient
from services.api.web.streams import Stream
from services.api.who.caller import Manager, check_administers
from services.http.problems import Problem
from services.privacy.erasing import Done, Erasing, Found
from services.privacy.exporting import written
from services.privacy.holdings import holdings
from services.privacy.remaining import remaining
from services.privacy.who import UnknownPersonError, Who
from services.runtime.bus.outbox import Message
from services.store import erasures as stored

PIECE = 64_000
"""Bytes of a document that are sent at a time."""

router = APIRouter(route_class=Patient, tags=["privacy"])

User = Annotated[str, Path(pattern=ID_PATTERN, description="The user's id.")]
_DOCUMENT = {
    "description": "The document; docs/how-to/erase-a-person.md says what is in it.",
    "content": {JSON: {"schema": {"type": "object"}}},
}
_UNDER_WAY = {
    "model": Erased,
    "description": "All is done but for an e-mail that is being sent: ask again in some minutes.",
}


@router.post(
    "/v1/users/{user}/export",
    operation_id="export_person",
    response_class=Response,
    responses={200: _DOCUMENT, **problems(400, 404)},
)
async def export_person(user: User, standing: Stands, caller: Manager) -> Response:
    """Give all that is held of a person, as one JSON document.

    It changes nothing; POST, so that the audit log has who took it.
    """
    await check_administers(standing, caller)
    pieces = _document(standing.log.pool, Who(caller.school, user))
    try:
        first = await anext(pieces)
    except UnknownPersonError:
        raise _unknown() from None
    return Stream(_after(first, pieces), media_type=JSON, headers=attachment("person.json"))


@router.put(
    "/v1/users/{user}/erasure",
    operation_id="erase_person",
    response_model=Erased,
    response_description="They are erased, and what is left is listed.",
    responses={202: _UNDER_WAY, **problems(400, 404, 408, 413, 415)},
    openapi_extra=body_of(ErasePerson),
)
async def erase_person(request: Request, user: User, standing: Stands, caller: Manager) -> Response:
    """Erase a person: name, address, tags and role; the log keeps ids without a person.

    It cannot be taken back, and an erased id is not used again. Asked for again it goes on where
    it was broken off, and changes nothing once it has ended.
    """
    await check_administers(standing, caller)
    asked = await body_as(request, ErasePerson)
    who, pool = Who(caller.school, user), standing.log.pool
    sends = _Sends(standing.sender)
    erasing = Erasing(standing.log, sends, standing.mails, standing.clock)
    try:
        before = await erasing.look(who)
    except UnknownPersonError:
        raise _unknown() from None
    steps = [it async for it in erasing.steps(before, caller.actor or "", asked.reason)]
    record = await stored.erasure_of(pool, *who)
    if record is None:
        raise _unknown()
    status = 200 if steps[-1].step == "ended" else 202
    return answered(_erased(record, before, steps), status=status)


@router.get(
    "/v1/users/{user}/holdings",
    operation_id="holdings_of_person",
    response_model=HeldOfPerson,
    responses=UNCHANGED | problems(400, 404),
)
async def holdings_of_person(
    request: Request, user: User, standing: Stands, caller: Manager
) -> Response:
    """How much there is of a person, before they are erased; it has no name and no address."""
    await check_administers(standing, caller)
    pool, who = standing.log.pool, Who(caller.school, user)
    held, record = await holdings(pool, who), await stored.erasure_of(pool, *who)
    if held.nothing and record is None:
        raise _unknown()
    erasure = None if record is None else _erasure(record)
    return answered(HeldOfPerson(held=Held(**held._asdict()), erasure=erasure), request)


@router.get(
    "/v1/users/{user}/erasure",
    operation_id="erasure_of_person",
    response_model=Erasure,
    responses=UNCHANGED | problems(400, 404),
)
async def erasure_of_person(
    request: Request, user: User, standing: Stands, caller: Manager
) -> Response:
    """When a person was erased, on whose word and why."""
    await check_administers(standing, caller)
    record = await stored.erasure_of(standing.log.pool, caller.school, user)
    if record is None:
        raise Problem(404, "not_erased", "Nobody was erased under that id in the school.")
    return answered(_erasure(record), request)


@router.get(
    "/v1/erasures",
    operation_id="erasures",
    response_model=Erasures,
    responses=UNCHANGED | problems(400),
)
async def erasures(
    request: Request, standing: Stands, caller: Manager, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """The school's erasures, the newest first: to be done again after a restore."""
    await check_administers(standing, caller)
    pool, after = standing.log.pool, moment_of(cursor)
    found = await stored.page_of_erasures(pool, caller.school, after, limit + 1)
    page, link = paged(request, found, limit, lambda it: cursor_at(it.begun_at, it.user))
    return answered(Erasures(erasures=tuple(map(_erasure, page))), request, link)


class _Sends:
    """What an erasure sends goes out with the commands of other requests."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def send(self, messages: Iterable[Message]) -> None:
        """Returns when Kafka has acknowledged all of them.

        Raises:
            Problem: 503 where Kafka is away.
        """
        await self._sender.send_all(messages)


async def _document(pool: asyncpg.Pool, who: Who) -> AsyncIterator[bytes]:
    """Written down first: a slow reader holds no connection to the database."""
    async with written(pool, who) as document:
        while piece := document.read(PIECE):
            yield piece


async def _after(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


def _unknown() -> Problem:
    """404, of another school's people too."""
    return Problem(
        404,
        "unknown_person",
        "The school has no such person, and erased nobody under that id; check the id.",
    )


def _erasure(record: stored.Erasure) -> Erasure:
    fields = record._asdict()
    del fields["school"]
    return Erasure(**fields)


def _erased(record: stored.Erasure, before: Found, steps: list[Done]) -> Erased:
    left = remaining(before.who, before.holdings, before.told)
    return Erased(
        erasure=_erasure(record),
        found=Held(**before.holdings._asdict()),
        steps=tuple(StepDone(**it._asdict()) for it in steps),
        left=tuple(Left(**it._asdict()) for it in left),
        saved_searches=tuple(before.searches),
    )
