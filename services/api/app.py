"""The application: every route, and the document that describes them."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from services.api.acting import (
    deliveries,
    imports,
    imports_read,
    policy,
    privacy,
    schedules,
    webhooks,
)
from services.api.acting import searches as kept_searches
from services.api.acting.bodies import bodies
from services.api.commands import results, routes
from services.api.commands.offered import schemas
from services.api.compatible import contents, enrollment, jobs, progress
from services.api.compatible.errors import by_address, told
from services.api.compatible.sending import schemas as compatible_schemas
from services.api.documenting import document
from services.api.reads import (
    audit,
    catalog,
    due,
    found,
    insights,
    learners,
    logged,
    me,
    of_courses,
    of_school,
    operation_events,
    operation_outcomes,
    operations,
    reports,
    searches,
    users,
)
from services.api.standing import Standing
from services.api.web.crowd import Crowd
from services.api.web.headers import Headers
from services.api.web.invalid import invalid
from services.api.web.methods import refused
from services.api.web.recorded import Recorded
from services.http.problems import HANDLERS

COMPRESSED = 1_000
"""Bytes from which an answer is compressed, for who takes gzip."""
ROUTERS = (
    me.router,
    audit.router,
    routes.router,
    results.router,
    found.router,
    searches.router,
    kept_searches.router,
    learners.router,
    of_courses.router,
    of_school.router,
    logged.router,
    due.router,
    catalog.router,
    reports.router,
    insights.router,
    users.router,
    operations.router,
    operation_events.router,
    operation_outcomes.router,
    imports.router,
    imports_read.router,
    privacy.router,
    webhooks.router,
    deliveries.router,
    schedules.router,
    policy.router,
    jobs.router,
    enrollment.router,
    progress.router,
    contents.router,
)


class _Application(FastAPI):
    def build_middleware_stack(self) -> ASGIApp:
        """Headers around all of it, the answer to a fault of ours too."""
        stack = Recorded(super().build_middleware_stack())
        return Headers(_opened(stack, self.state.origins))

    def openapi(self) -> dict[str, Any]:
        """Our own document, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = document(self, schemas() | compatible_schemas() | bodies())
        return self.openapi_schema


def _opened(stack: ASGIApp, origins: Sequence[str]) -> ASGIApp:
    """Consoles of these origins may ask, with a token and no cookies; nobody else's."""
    if not origins:
        return stack
    return CORSMiddleware(
        stack,
        allow_origins=origins,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["*"],
        expose_headers=["*"],
    )


def application(standing: Standing | None = None, origins: Sequence[str] = ()) -> FastAPI:
    """The ASGI application; without anything to stand on it can only be described."""
    app = _Application(
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[Middleware(Crowd, told), Middleware(GZipMiddleware, COMPRESSED)],
        exception_handlers=by_address(
            {**HANDLERS, HTTPException: refused, RequestValidationError: invalid}
        ),
    )
    for router in ROUTERS:
        app.include_router(router)
    app.state.standing = standing
    app.state.routes = [route for router in ROUTERS for route in router.routes]
    app.state.origins = origins
    return app
