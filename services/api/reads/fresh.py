"""Reads that see what their caller wrote: they wait until the view has it."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Depends, Header
from starlette.requests import Request

from services.api.commands.idempotency import LONGEST_WAIT, wait_of
from services.api.reads.reached import Wanted
from services.api.standing import Stands
from services.api.web.position import HEADER, LONGEST, position_of
from services.api.web.routes import longer
from services.api.who.caller import Reader
from services.http.problems import Problem, not_built

USUAL_WAIT = 5
"""Seconds."""


def fresh(*views: str) -> Any:
    """A dependency of a read of these views.

    It raises ``Problem``: 400, and 503 where they do not come so far in time.
    """
    return Depends(_waiting(views))


def _waiting(views: tuple[str, ...]) -> Callable[..., Awaitable[None]]:
    async def waiting(
        request: Request,
        standing: Stands,
        _: Reader,
        position: Annotated[
            str | None,
            Header(
                alias=HEADER,
                max_length=LONGEST,
                description="As a command's answer had it: the read is answered when it sees what "
                f"the command wrote, within {USUAL_WAIT} s, or as Prefer says.",
            ),
        ] = None,
        prefer: Annotated[
            str | None,
            Header(
                description=f"wait=N: wait for the position N seconds, {LONGEST_WAIT} at the most."
            ),
        ] = None,
    ) -> None:
        if position is not None:
            seconds = wait_of(request) if prefer else 0
            longer(request, LONGEST_WAIT)
            wanted = Wanted(views, position_of(position))
            _check(await standing.reached.wait(wanted, seconds or USUAL_WAIT))

    return waiting


def _check(come: bool | None) -> None:
    if come is None:
        raise Problem(
            503,
            "not_yet",
            "What this reads has not come to that position yet; ask again soon.",
            headers={"Retry-After": "1"},
        )
    if not come:
        raise not_built("What this reads")
