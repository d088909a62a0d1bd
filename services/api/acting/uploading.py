"""A file that comes in the body of a request: piece by piece onto the disk, bounded."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import IO, NamedTuple

from starlette.requests import ClientDisconnect, Request

from services.api.web.routes import longer
from services.api.web.slots import Slots
from services.http.problems import Problem

LARGEST = 100_000_000
"""Bytes; a million lines have some 60 MB."""
BETWEEN_SECONDS = 10.0
"""Between two pieces."""
ALL_SECONDS = 600.0
"""For all of them, beside what the request has anyway."""
UPLOADS = 8
UPLOADS_OF_TOKEN = 2
_GATHERED = 1_000_000
"""Bytes that are written together."""
Key = tuple[str, str]
"""School and import."""


class Received(NamedTuple):
    """``digest``: SHA-256 of its bytes."""

    size: int
    digest: bytes


class Uploads:
    """Those that this process takes in."""

    def __init__(self) -> None:
        self._slots = Slots("uploads", UPLOADS, UPLOADS_OF_TOKEN)
        self._keys: set[Key] = set()

    @contextmanager
    def arriving(self, token: str, key: Key) -> Iterator[None]:
        """While a file with this key comes in.

        Raises:
            Problem: 409 where another one comes with the same key, 429 or 503 where too many do.
        """
        if key in self._keys:
            raise Problem(
                409,
                "in_progress",
                "A file with this Idempotency-Key is coming in; ask again when it has ended.",
                headers={"Retry-After": "5"},
            )
        with self._slots.taken(token):
            self._keys.add(key)
            try:
                yield
            finally:
                self._keys.discard(key)


async def receive(request: Request, file: IO[bytes]) -> Received:
    """Write the body into the file.

    Raises:
        Problem: 400 where it is cut off or there is none, 408 where it does not come in time, 413
            where it is too large, 415 where it is compressed or no file alone.
    """
    _check(request)
    longer(request, ALL_SECONDS)
    size, made, gathered = 0, sha256(), bytearray()
    try:
        async with asyncio.timeout(ALL_SECONDS):
            async for piece in _pieces(request):
                size += len(piece)
                if size > LARGEST:
                    raise _too_large()
                made.update(piece)
                gathered += piece
                if len(gathered) >= _GATHERED:
                    await asyncio.to_thread(file.write, bytes(gathered))
                    gathered.clear()
            await asyncio.to_thread(file.write, bytes(gathered))
    except TimeoutError:
        raise Problem(
            408, "too_slow", "The file did not come in time; send it at once, without pauses."
        ) from None
    except ClientDisconnect:
        raise Problem(400, "cut_off", "The file was cut off; send it again.") from None
    if not size:
        raise Problem(400, "empty_file", "There is no file; send it as the request's body.")
    return Received(size, made.digest())


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    pieces = request.stream()
    while True:
        try:
            async with asyncio.timeout(BETWEEN_SECONDS):
                piece = await anext(pieces)
        except StopAsyncIteration:
            return
        yield piece


def _check(request: Request) -> None:
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(415, "unsupported_encoding", "Send the file without a content-encoding.")
    if request.headers.get("content-type", "").lower().startswith("multipart/"):
        raise Problem(
            415,
            "unsupported_media_type",
            "Send the file itself as the body, not a form (curl: --data-binary @FILE).",
        )
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length[:20]) > LARGEST:
        raise _too_large()


def _too_large() -> Problem:
    return Problem(
        413, "too_large", f"A file has {LARGEST:,} bytes at the most; split it, in any way."
    )
