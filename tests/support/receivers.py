"""Receivers of webhooks on real sockets, which answer as a test wants: well, badly, or never."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator

HOST = "127.0.0.1"
TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"


class Request(NamedTuple):
    """What a receiver was sent; names of headers in small letters."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Line(NamedTuple):
    """A connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


Answer = Callable[[Request, Line], Awaitable[None]]


@dataclass
class Receiver:
    """``answer`` is what it does with a request; ``taken`` are those that it answered with 2xx."""

    answer: Answer
    port: int = 0
    seen: list[Request] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{HOST}:{self.port}/hook"

    @property
    def ids(self) -> list[str]:
        return [it.id for it in self.seen]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                self.seen.append(request := await _read(reader))
                self.under_way += 1
                self.most_under_way = max(self.most_under_way, self.under_way)
                try:
                    await self.answer(request, Line(reader, writer))
                    await writer.drain()
                finally:
                    self.under_way -= 1
        except (asyncio.IncompleteReadError, ConnectionError):
            self.hung_up.set()
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *lines = head.rstrip().split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _, value in (it.partition(":") for it in lines)
    }
    return Request(line, headers, await reader.readexactly(int(headers["content-length"])))


@asynccontextmanager
async def receiver(
    answer: Answer | None = None, *, tls: ssl.SSLContext | None = None, port: int = 0
) -> AsyncIterator[Receiver]:
    """A receiver that listens; it takes everything unless told otherwise."""
    it = Receiver(answer or says(TAKEN), scheme="https" if tls else "http")
    server = await asyncio.start_server(it._serve, HOST, port, ssl=tls)
    it.port = server.sockets[0].getsockname()[1]
    try:
        yield it
    finally:
        server.close()


def says(*answers: bytes) -> Answer:
    """These answers, one after the other; the last of them from then on."""
    left = list(answers)

    async def answer(_: Request, line: Line) -> None:
        line.writer.write(left.pop(0) if len(left) > 1 else left[0])

    return answer


def status(code: int, *headers: str, body: bytes = b"") -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {code} Words", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


async def hangs(_: Request, line: Line) -> None:
    """Never answers; ends when the other side has hung up."""
    await line.reader.read()
    raise ConnectionResetError


async def endless(_: Request, line: Line) -> None:
    """200, and a body without end."""
    line.writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        line.writer.write(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")
        await line.writer.drain()


async def resets(_: Request, line: Line) -> None:
    """Resets the connection."""
    raw = line.writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.writer.transport.abort()
    raise ConnectionResetError


def unused_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
