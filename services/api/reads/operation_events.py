"""How an operation goes on, as server-sent events (WHATWG HTML, server-sent events)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from contracts.operations import FINAL, OperationReported
from services.api.documenting import problems
from services.api.reads.operations import Operation, one
from services.api.reads.watching import Watched, Watching
from services.api.standing import Stands
from services.api.web.routes import Bounded
from services.api.web.streams import Stream
from services.api.who.caller import Reader, check_reads

HEARTBEAT_SECONDS = 15.0
LONGEST_SECONDS = 900.0
"""Then a client comes again by itself, and its token is looked at anew."""
AGAIN_MS = 2_000
EVENT_STREAM = "text/event-stream"

router = APIRouter(route_class=Bounded, tags=["operations"])


class _Events(Stream):
    media_type = EVENT_STREAM

    def __init__(
        self, watching: Watching, token: str, report: OperationReported, after: int
    ) -> None:
        super().__init__((), headers={"Cache-Control": "no-store"})
        self._watching = watching
        self._token = token
        self._report = report
        self._after = after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell, as long as the stream is open.

        Raises:
            Problem: too many streams are open.
        """
        with self._watching.watch(self._token, self._report) as watched:
            self.body_iterator = _told(watched, self._after)
            await super().__call__(scope, receive, send)


@router.get(
    "/v1/operations/{operation}/events",
    operation_id="events_of_operation",
    response_class=Response,
    responses={
        200: {
            "description": "An event `progress` for each report, its `id` the revision, its "
            "`data` as `GET /v1/operations/{operation}` has it.",
            "content": {
                EVENT_STREAM: {
                    "example": 'event: progress\nid: 3\ndata: {"operation":"op-2026-11-25",...}\n\n'
                }
            },
        },
        204: {"description": "It has ended, and the caller knows how: nothing more will come."},
        **problems(400, 404),
    },
)
async def operation_events(
    operation: Operation,
    standing: Stands,
    caller: Reader,
    last: Annotated[
        str | None,
        Header(
            alias="Last-Event-ID",
            pattern=r"^[0-9]{1,16}$",
            description="The last event that was seen; a client of the standard sends it.",
        ),
    ] = None,
) -> Response:
    """How an operation goes on, as server-sent events until it has ended.

    The present report comes first. Of reports that follow each other faster than they are read
    the last one comes. Ends after 15 minutes: come again with Last-Event-ID, as a client of the
    standard does by itself.
    """
    await check_reads(standing, caller)
    report, after = await one(standing, caller.school, operation), int(last or 0)
    if report.state in FINAL and report.revision <= after:
        return Response(status_code=204)
    return _Events(standing.watching, caller.token, report, after)


async def _told(watched: Watched, after: int) -> AsyncIterator[bytes]:
    yield f"retry: {AGAIN_MS}\n\n".encode()
    loop = asyncio.get_running_loop()
    ends = loop.time() + LONGEST_SECONDS
    while not watched.ended and loop.time() < ends:
        report = watched.report
        if report.revision > after:
            after = report.revision
            yield _event(report)
            if report.state in FINAL:
                return
        elif not await watched.news(HEARTBEAT_SECONDS):
            yield b": still here\n\n"


def _event(report: OperationReported) -> bytes:
    return b"event: progress\nid: %d\ndata: %b\n\n" % (report.revision, report.to_json())
