"""An ASGI application served by uvicorn inside a part's own loop."""

import asyncio
import logging
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import uvicorn

from services.runtime.embedded.waiting import until
from services.runtime.punctual import Punctual

START_SECONDS = 30.0
GRACE_SECONDS = 10
REQUESTS = 200
"""At one time; more are answered 503."""

log = logging.getLogger(__name__)


class PortTakenError(Exception):
    """``port_taken``: somebody else listens there."""

    code = "port_taken"


class _Server(uvicorn.Server):
    """Leaves signals to the part."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Nothing: whoever runs the part listens to them."""
        yield


async def serve(
    app: Any,
    host: str,
    port: int,
    stop: asyncio.Event,
    ready: Callable[[str], None],
    *,
    connections: int = REQUESTS,
) -> None:
    """Serve until ``stop`` is set; requests that are under way then are answered.

    ``ready`` is told the address when requests are taken; port 0 takes a free one. Where there are
    more ``connections``, idle ones too, requests are answered 503.

    Raises:
        PortTakenError: the address cannot be listened on.
    """
    try:
        listening = socket.create_server((host, port))
    except OSError as error:
        raise PortTakenError(
            f"Nothing can listen on {host}:{port}: {error.strerror}; choose another port."
        ) from None
    with listening:
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            limit_concurrency=connections,
            http=Punctual,
            ws="none",
            timeout_graceful_shutdown=GRACE_SECONDS,
            server_header=False,
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            await until(lambda: _started(server, serving), within=START_SECONDS)
            where = listening.getsockname()
            ready(f"http://{where[0]}:{where[1]}")
            waiting = asyncio.create_task(stop.wait())
            await asyncio.wait([serving, waiting], return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
        finally:
            server.should_exit = True
            await serving


async def _started(server: uvicorn.Server, serving: asyncio.Task[None]) -> bool:
    return server.started or serving.done()
