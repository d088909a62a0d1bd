"""The address of List-Unsubscribe: a POST ends e-mails (RFC 8058 §3.1), a GET asks for it.

Programs that check mails follow every link, so a GET changes nothing.
"""

from collections.abc import Callable
from datetime import datetime

import asyncpg
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from services.mailer.administration import Administration

_PAGE = """<!doctype html>
<html lang="en"><title>Unsubscribe</title>
<form method="post"><button>No more e-mails like this</button></form></html>
"""


def unsubscribing(pool: asyncpg.Pool, clock: Callable[[], datetime]) -> list[Route]:
    """The routes, to be served or mounted; nobody has to log in."""
    told = Administration(pool)

    async def ask(_request: Request) -> Response:
        return HTMLResponse(_PAGE)

    async def end(request: Request) -> Response:
        if await told.unsubscribe(request.path_params["token"], clock()) is None:
            return PlainTextResponse("There is no such e-mail.", 404)
        return PlainTextResponse("You get no more e-mails like this.")

    path = "/mail/unsubscribe/{token:uuid}"
    return [Route(path, ask, methods=["GET"]), Route(path, end, methods=["POST"])]
