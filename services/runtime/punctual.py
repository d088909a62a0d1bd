"""HTTP connections that bring a request in time and take its answer, or end.

uvicorn bounds the pause between two requests. It does not bound the time that the first one, the
rest of a request's head or of a body that nobody waits for any more may take: whoever sends a byte
now and then could hold a connection for ever. Nor does it bound how long an answer may lie there
unread, and the request with it.
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
READ_SECONDS = 30.0
"""In which a client has to read on, some 64 KB each time."""


class Punctual(H11Protocol):
    """Closes a connection on which no whole head came in time, or whose answer is not read."""

    _late: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

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

    def pause_writing(self) -> None:
        """The client reads more slowly than the answer is written."""
        super().pause_writing()
        self._abort_later()

    def resume_writing(self) -> None:
        """The client has read on."""
        super().resume_writing()
        if self._unread is not None and not self.transport.is_closing():
            self._unread.cancel()
            self._unread = None

    def timeout_keep_alive_handler(self) -> None:
        """No next request came."""
        super().timeout_keep_alive_handler()
        self._abort_later()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for."""
        self._forget()
        if self._unread is not None:
            self._unread.cancel()
        super().connection_lost(exc)

    def _watch(self) -> None:
        if self.transport.is_closing():
            self._forget()
            self._abort_later()
        elif self.conn.their_state is not h11.IDLE and self.conn.our_state is not h11.DONE:
            self._forget()
        elif self._late is None:
            self._late = self.loop.call_later(HEAD_SECONDS, self._close)

    def _close(self) -> None:
        self.transport.close()
        self._abort_later()

    def _abort_later(self) -> None:
        """A transport that is closed still waits until the client has read everything."""
        if self._unread is None:
            self._unread = self.loop.call_later(READ_SECONDS, self.transport.abort)

    def _forget(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
