"""Connections that stay open and bytes that are ready: a client that costs little beside a server.

Each answer has a Content-Length; a line carries one request at a time.
"""

import asyncio
from typing import NamedTuple, cast
from urllib.parse import urlsplit

MOST = 1_000
"""Lines at the most; at a steady rate more than that are under way where nothing is answered."""
_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


class LostError(Exception):
    """A line was ended before its answer was whole."""


class Request(NamedTuple):
    """What goes over the wire."""

    sent: bytes


def get(path: str, token: str) -> Request:
    """A read."""
    head = f"GET {path} HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer {token}\r\n\r\n"
    return Request(head.encode())


def post(path: str, token: str, key: str, wait: int, body: bytes) -> Request:
    """A command that waits for its result."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer {token}\r\n"
        f'Idempotency-Key: "{key}"\r\nPrefer: wait={wait}\r\n'
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return Request(head.encode() + body)


class _Line(asyncio.Protocol):
    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._got = bytearray()
        self._answer: asyncio.Future[int] | None = None
        self.open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self.open = cast("asyncio.Transport", transport), True

    def connection_lost(self, exc: Exception | None) -> None:
        self.open = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(LostError(str(exc)))

    def data_received(self, data: bytes) -> None:
        self._got += data
        end = self._got.find(_END)
        if end < 0 or self._answer is None:
            return
        head = bytes(self._got[:end]).lower()
        length = head.partition(_LENGTH)[2].partition(b"\r\n")[0]
        if len(self._got) - end - len(_END) >= int(length or 0):
            self._got.clear()
            self._answer.set_result(int(head[9:12]))

    async def ask(self, request: Request) -> int:
        """The status of the whole answer."""
        assert self._transport is not None  # noqa: S101 - it is open
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request.sent)
        return await self._answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class Lines:
    """As many as are needed at one time, the one that was free last first."""

    def __init__(self, where: str) -> None:
        url = urlsplit(where)
        self._place = url.hostname or "", url.port or 0
        self._free: list[_Line] = []
        self._bound = asyncio.Semaphore(MOST)

    async def ask(self, request: Request) -> int:
        """The status.

        Raises:
            LostError: the server ended the connection.
        """
        async with self._bound:
            line = await self._line()
            status = await line.ask(request)
            self._free.append(line)
            return status

    async def _line(self) -> _Line:
        while self._free:
            line = self._free.pop()
            if line.open:
                return line
        loop = asyncio.get_running_loop()
        _, made = await loop.create_connection(_Line, *self._place)
        return made

    def close(self) -> None:
        for line in self._free:
            line.close()
