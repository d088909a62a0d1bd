"""The body of a request: whole, in time, and not too large."""

import asyncio

from starlette.requests import ClientDisconnect, Request

from services.http.problems import Problem

BODY_SECONDS = 10


async def json_body(request: Request, largest: int) -> bytes:
    """The bytes of a body, whatever its content-type says: it is read as JSON.

    Raises:
        Problem: 400 where it is cut off, 408 where it does not come in time, 413 where it is too
            large, 415 where it is compressed.
    """
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(415, "unsupported_encoding", "Send the body without a content-encoding.")
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _read(request, largest)
    except ClientDisconnect:
        raise Problem(400, "cut_off", "The body was cut off; send it again.") from None
    except TimeoutError:
        raise Problem(408, "too_slow", "The body did not come; send it at once.") from None


async def _read(request: Request, largest: int) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > largest:
            raise Problem(413, "too_large", f"A body has {largest:,} bytes at the most.")
    return bytes(body)
