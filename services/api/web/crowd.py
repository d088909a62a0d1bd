"""So many requests at a time: more are told to come again, before anything is done for them."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.http.problems import Problem, problem

REQUESTS = 1_000
"""Under way at one time; most of them wait for a result, which costs little."""


class Crowd:
    """An ASGI middleware; ``told`` writes its answer."""

    def __init__(
        self, app: ASGIApp, told: Callable[[Request, Problem], Response] = problem
    ) -> None:
        self._app = app
        self._told = told
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 503."""
        if self._under_way >= REQUESTS and scope["type"] == "http":
            busy = Problem(
                503,
                "busy",
                "Too many requests are under way; ask again soon.",
                headers={"Retry-After": "1"},
            )
            await self._told(Request(scope), busy)(scope, receive, send)
            return
        self._under_way += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way -= 1
