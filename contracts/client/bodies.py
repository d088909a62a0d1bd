"""Bodies of requests: bytes, or a file sent piece by piece, from its beginning each time."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from typing import BinaryIO

Body = bytes | BinaryIO
"""A file can be sought, and is not written to meanwhile."""
PIECE = 1_000_000
"""Bytes that are in memory at a time."""


def size_of(body: Body) -> int:
    """Bytes."""
    return len(body) if isinstance(body, bytes) else body.seek(0, os.SEEK_END)


def sent(body: Body | None) -> bytes | Iterator[bytes] | None:
    """What a client that blocks sends."""
    return body if body is None or isinstance(body, bytes) else _pieces(body)


def sent_asynchronously(body: Body | None) -> bytes | AsyncIterator[bytes] | None:
    """What a client for asyncio sends: files are read in a thread."""
    return body if body is None or isinstance(body, bytes) else _awaited(body)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece


async def _awaited(file: BinaryIO) -> AsyncIterator[bytes]:
    await asyncio.to_thread(file.seek, 0)
    while piece := await asyncio.to_thread(file.read, PIECE):
        yield piece
