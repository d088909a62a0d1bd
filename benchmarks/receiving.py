"""A receiver of webhooks in a process of its own: ``python -m benchmarks.receiving [--secrets]``.

It prints its port as its first line. A POST is answered 204 and counted by path and trigger; below
``/hang`` it is never answered. With ``--secrets`` a JSON object of path → secret comes on stdin,
and each signature is verified by the official ``standardwebhooks`` package. ``GET /counts`` tells.
As plain as can be, so that it is not what is measured.
"""

import argparse
import asyncio
import json
import sys
from collections import Counter
from typing import cast

import uvloop
from standardwebhooks import Webhook, WebhookVerificationError

HOST = "127.0.0.1"
HANG = b"/hang"
_TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"
_REFUSED = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"


class Books:
    """What came: distinct ids by path and trigger, repeats, and what could not be verified."""

    def __init__(self, secrets: dict[str, str]) -> None:
        self._verifiers = {path: Webhook(secret) for path, secret in secrets.items()}
        self._seen: dict[str, set[bytes]] = {}
        self._counts: Counter[tuple[str, str]] = Counter()
        self._repeats = self._wrong = self._requests = 0

    def take(self, path: str, headers: dict[bytes, bytes], body: bytes) -> bool:
        """Count a request; False where its signature is wrong."""
        self._requests += 1
        trigger = ""
        if self._verifiers:
            try:
                texts = {name.decode(): value.decode() for name, value in headers.items()}
                trigger = self._verifiers[path].verify(body, texts)["trigger"]
            except (KeyError, WebhookVerificationError):
                self._wrong += 1
                return False
        seen = self._seen.setdefault(path, set())
        id_ = headers[b"webhook-id"]
        if id_ in seen:
            self._repeats += 1
        else:
            seen.add(id_)
            self._counts[path, trigger] += 1
        return True

    def told(self) -> bytes:
        """The counts, as JSON."""
        counts: dict[str, dict[str, int]] = {}
        for (path, trigger), count in self._counts.items():
            counts.setdefault(path, {})[trigger] = count
        return json.dumps(
            {
                "requests": self._requests,
                "repeats": self._repeats,
                "wrong": self._wrong,
                "counts": counts,
            }
        ).encode()


class Line(asyncio.Protocol):
    """A connection."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._bytes = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # of a stream server

    def data_received(self, data: bytes) -> None:
        self._bytes += data
        while (end := self._bytes.find(b"\r\n\r\n")) >= 0:
            first, *lines = self._bytes[:end].split(b"\r\n")
            pairs = (line.split(b": ", 1) for line in lines)
            headers = {name.lower(): value for name, value in pairs}
            whole = end + 4 + int(headers.get(b"content-length", b"0"))
            if len(self._bytes) < whole:
                return
            body, self._bytes = self._bytes[end + 4 : whole], self._bytes[whole:]
            self._answer(first.split(b" ")[1], headers, body)

    def _answer(self, path: bytes, headers: dict[bytes, bytes], body: bytes) -> None:
        if path == b"/counts":
            told = self._books.told()
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(told))
            self._transport.write(told)
        elif not path.startswith(HANG):
            taken = self._books.take(path.decode(), headers, body)
            self._transport.write(_TAKEN if taken else _REFUSED)


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.receiving", description=__doc__)
    parser.add_argument("--secrets", action="store_true", help="path → secret comes on stdin")
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    loop = asyncio.get_running_loop()
    secrets = {}
    if arguments.secrets:
        secrets = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
    books = Books(secrets)
    server = await loop.create_server(lambda: Line(books), HOST, arguments.port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
