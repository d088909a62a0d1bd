"""Answers in pieces: each has so many seconds to be taken, so that nobody holds one for ever."""

import asyncio
import logging

from starlette.responses import StreamingResponse
from starlette.types import Message, Send

TAKEN_SECONDS = 60.0
"""A piece that a reader has not taken by then ends the answer."""

log = logging.getLogger(__name__)


class _NotTakenError(Exception):
    """Nobody reads any more."""


class Stream(StreamingResponse):
    """A piece is made when the one before it is taken."""

    async def stream_response(self, send: Send) -> None:
        """Send them; an answer that is not taken is cut off, which its reader can see."""

        async def patiently(message: Message) -> None:
            try:
                async with asyncio.timeout(TAKEN_SECONDS):
                    await send(message)
            except TimeoutError:
                raise _NotTakenError from None

        try:
            await super().stream_response(patiently)
        except _NotTakenError:
            log.info("an answer was not read to its end, and is cut off")
