"""The application: what Zapier's platform calls, for one school by its token.

Hooks are endpoints of kind ``zapier`` in the webhook dispatcher's table; it delivers to them.
"""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.http.problems import HANDLERS, Problem
from services.store.log import EventLog
from services.store.tokens import Tokens
from services.webhooks.endpoints import (
    Endpoints,
    TooManyEndpointsError,
    Wanted,
)
from services.webhooks.urls import UrlRefusedError, check_url
from services.zapier.asking import authenticate, hook_of, page_of, trigger_of
from services.zapier.recent import Recent, made_up

ZAPIER_HOST = "hooks.zapier.com"
SAMPLES = 3


class Zapier:
    """Answers requests; each is of the school whose token it brings."""

    def __init__(self, log: EventLog, clock: Callable[[], datetime]) -> None:
        self._tokens = Tokens(log.pool)
        self._endpoints = Endpoints(log.pool)
        self._recent = Recent(log)
        self._clock = clock

    async def me(self, request: Request) -> Response:
        """Whose token it is: what Zapier shows beside a connection."""
        token = await authenticate(request, self._tokens, self._clock)
        return JSONResponse({"school": token.school, "token": token.id, "name": token.name})

    async def subscribe(self, request: Request) -> Response:
        """A hook for a trigger; the same hook twice is one."""
        token = await authenticate(request, self._tokens, self._clock)
        hook = await hook_of(request)
        trigger = hook.trigger
        await self._check(token.school, hook.target_url)
        wanted = Wanted(url=hook.target_url, kind="zapier", triggers=[trigger])
        for there in await self._endpoints.list(token.school, "zapier"):
            if there.cause == "gone":  # it answered 410: Zapier will not ask for it again
                await self._endpoints.remove(token.school, there.endpoint)
            elif (there.url, there.triggers) == (wanted.url, [trigger]):
                return JSONResponse({"id": there.endpoint, "trigger": trigger})
        try:
            made = await self._endpoints.create(token.school, wanted, self._clock())
        except TooManyEndpointsError as error:
            raise Problem(409, error.code, str(error)) from None
        return JSONResponse({"id": made.endpoint, "trigger": trigger}, 201)

    async def unsubscribe(self, request: Request) -> Response:
        """The hook ends; one of another school is not there."""
        token = await authenticate(request, self._tokens, self._clock)
        id_ = request.path_params["hook"]
        hooks = {it.endpoint for it in await self._endpoints.list(token.school, "zapier")}
        if id_ not in hooks:
            raise Problem(404, "unknown_hook", "There is no such hook; it may have ended.")
        await self._endpoints.remove(token.school, id_)
        return JSONResponse({"id": id_})

    async def sample(self, request: Request) -> Response:
        """A few that happened, or one that is made up, to set a Zap up with."""
        token = await authenticate(request, self._tokens, self._clock)
        trigger = trigger_of(request.path_params["trigger"])
        page = await self._recent.page(token.school, trigger, SAMPLES)
        return JSONResponse(page.zaps or [made_up(token.school, trigger)])

    async def poll(self, request: Request) -> Response:
        """What happened, the newest first; the header Link leads to the next page."""
        token = await authenticate(request, self._tokens, self._clock)
        trigger = trigger_of(request.path_params["trigger"])
        limit, before = page_of(request)
        page = await self._recent.page(token.school, trigger, limit, before)
        headers = {}
        if page.before is not None:
            following = request.url.replace_query_params(limit=limit, cursor=str(page.before))
            headers = {"Link": f'<{following.path}?{following.query}>; rel="next"'}
        return JSONResponse(page.zaps, headers=headers)

    async def _check(self, school: str, url: str) -> None:
        """Only Zapier's own receiver, unless the school's settings allow others for tests."""
        private = await self._endpoints.allows_private(school)
        try:
            check_url(url, allow_private=private)
        except UrlRefusedError as error:
            raise Problem(400, error.code, str(error)) from None
        if not private and urlsplit(url).netloc.lower() not in {ZAPIER_HOST, f"{ZAPIER_HOST}:443"}:
            raise Problem(400, "url_refused", f"A hook's URL begins with https://{ZAPIER_HOST}/.")


def application(log: EventLog, clock: Callable[[], datetime]) -> Starlette:
    """The ASGI application, to be served or mounted."""
    zapier = Zapier(log, clock)
    routes = [
        Route("/zapier/me", zapier.me, methods=["GET"]),
        Route("/zapier/hooks", zapier.subscribe, methods=["POST"]),
        Route("/zapier/hooks/{hook}", zapier.unsubscribe, methods=["DELETE"]),
        Route("/zapier/samples/{trigger}", zapier.sample, methods=["GET"]),
        Route("/zapier/triggers/{trigger}", zapier.poll, methods=["GET"]),
    ]
    return Starlette(routes=routes, exception_handlers=HANDLERS)
