"""Routes whose answer has an end: what hangs is told as a server that is away."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from services.http.problems import NOT_BUILT, away, not_built

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Bounded(APIRoute):
    """An endpoint has so many seconds to begin its answer."""

    seconds = 15.0

    def get_route_handler(self) -> _Handler:
        """The endpoint, bounded."""
        handler = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            try:
                async with asyncio.timeout(self.seconds) as bound:
                    request.state.bound = bound
                    return await handler(request)
            except TimeoutError:
                raise away("The database") from None
            except NOT_BUILT:
                raise not_built("What this reads") from None

        return bounded


def longer(request: Request, seconds: float) -> None:
    """Give the endpoint so many seconds more: for a wait that has a bound of its own."""
    bound: asyncio.Timeout = request.state.bound
    until = bound.when()
    if until is not None:
        bound.reschedule(until + seconds)


class Patient(Bounded):
    """It may wait for a body, for Kafka and for a result; each of those has a bound of its own."""

    seconds = 70.0
