"""The application: every route of ``/v1``, and the document that describes them."""

from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from services.api import commands, learners, me, operations, results
from services.api.crowd import Crowd
from services.api.documenting import document
from services.api.headers import Headers
from services.api.invalid import invalid
from services.api.offered import schemas
from services.api.standing import Standing
from services.http.problems import HANDLERS

COMPRESSED = 1_000
"""Bytes from which an answer is compressed, for who takes gzip."""
ROUTERS = (me.router, commands.router, results.router, learners.router, operations.router)


class _Application(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """Our own document, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = document(self, schemas())
        return self.openapi_schema


def application(standing: Standing | None = None) -> FastAPI:
    """The ASGI application; without anything to stand on it can only be described."""
    app = _Application(
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[Middleware(Headers), Middleware(Crowd), Middleware(GZipMiddleware, COMPRESSED)],
        exception_handlers={**HANDLERS, RequestValidationError: invalid},
    )
    for router in ROUTERS:
        app.include_router(router)
    app.state.standing = standing
    return app
