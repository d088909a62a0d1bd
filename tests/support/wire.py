"""HTTP as bytes: what no client library would send, and what comes back for it."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import h11

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

PATIENCE = 30.0
Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Answer(NamedTuple):
    """One answer, as it came."""

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes

    @property
    def code(self) -> str | None:
        """Of a problem."""
        found: Any = json.loads(self.body) if self.body.startswith(b"{") else {}
        code: str | None = found.get("code")
        return code


def request(
    method: str, path: bytes, token: str | None = None, *headers: bytes, body: bytes = b""
) -> bytes:
    """A request with these lines of headers, and a Content-Length where there is a body."""
    lines = [method.encode() + b" " + path + b" HTTP/1.1", b"Host: api.test", *headers]
    if token is not None:
        lines.append(b"Authorization: Bearer " + token.encode())
    if body:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@asynccontextmanager
async def connected(where: str) -> AsyncIterator[Stream]:
    """A connection to the API."""
    url = urlsplit(where)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    try:
        yield reader, writer
    finally:
        writer.close()


@contextmanager
def unreading(where: str, sent: bytes) -> Iterator[socket.socket]:
    """A connection that asks and takes hardly anything of what comes; it does not block."""
    url = urlsplit(where)
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.connect((url.hostname, url.port))
        client.sendall(sent)
        client.setblocking(False)
        yield client


async def exchanged(where: str, sent: bytes, count: int = 1) -> list[Answer]:
    """So many answers to these bytes, or fewer where the connection is ended before."""
    async with connected(where) as (reader, writer):
        writer.write(sent)
        async with asyncio.timeout(PATIENCE):
            return await _answers(reader, count)


async def _answers(reader: asyncio.StreamReader, count: int) -> list[Answer]:
    found: list[Answer] = []
    parser, head, body = _parser(), None, b""
    while len(found) < count:
        match event := parser.next_event():
            case h11.NEED_DATA:
                data = await _read(reader)
                if not data and head is None:
                    break
                parser.receive_data(data)
            case h11.Response():
                head = event
            case h11.Data(data=data):
                body += bytes(data)
            case h11.EndOfMessage() if head is not None:
                found.append(Answer(head.status_code, list(head.headers), body))
                parser, head, body = _parser(parser.trailing_data[0]), None, b""
            case _:
                break
    return found


async def _read(reader: asyncio.StreamReader) -> bytes:
    """Nothing where the connection is ended, in whichever way."""
    try:
        return await reader.read(65_536)
    except ConnectionResetError:
        return b""


def _parser(begun: bytes = b"") -> h11.Connection:
    """Of one answer, to a request that has been sent."""
    parser = h11.Connection(h11.CLIENT)
    parser.send(h11.Request(method="GET", target="/", headers=[("Host", "a")]))
    parser.send(h11.EndOfMessage())
    if begun:
        parser.receive_data(begun)
    return parser
