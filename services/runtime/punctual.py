"""HTTP connections that bring a request in time, or end.

uvicorn bounds the pause between two requests, and not the time that the first one, or the rest of
a request's head, may take: whoever sends a byte now and then could hold a connection for ever.
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0


class Punctual(H11Protocol):
    """Closes a connection on which no whole head of a request came in time."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The first head is waited for."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """A head is whole, or more of it is waited for."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """The next head is waited for: where none of it comes, uvicorn closes sooner."""
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for."""
        self._forget()
        super().connection_lost(exc)

    def _watch(self) -> None:
        waits = self.conn.their_state is h11.IDLE and not self.transport.is_closing()
        if not waits:
            self._forget()
        elif self._late is None:
            self._late = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _forget(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
