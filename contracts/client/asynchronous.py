"""The client for asyncio: httpx does what the steps of a call say."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self, TypeVar

import httpx

from .asking import Asking, Fault, Heard, Pause, Request, Token, lowered
from .bodies import sent_asynchronously
from .calls.call import Answer, Call, Events, Page, following
from .hosts import check, trusted
from .retrying import RETRIES, Retries
from .v1 import V1
from .watching import More, Open, Piece, Told, follow

T = TypeVar("T")


class AsyncClient(V1):
    """A client of one API, with one token; its methods are those of ``V1``.

    ``timeout``: seconds that each step of a request may take: to connect, to write, to read; a
    call that waits for something is given that time beside it, to read alone.
    ``fresh``: reads wait until they have what this client wrote before. ``transport``, ``sleep``
    and ``chance``: in place of the network, the clock and luck.
    """

    def __init__(
        self,
        server: str,
        token: Token,
        *,
        timeout: float = 30.0,
        retries: Retries = RETRIES,
        fresh: bool = True,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._asking = Asking(server, token, timeout, retries, chance, fresh=fresh)
        check(server)
        self._http = httpx.AsyncClient(verify=trusted(server), transport=transport)
        self._sleep = sleep

    def __repr__(self) -> str:
        """Where it asks; never with what token."""
        return f"AsyncClient({self._asking.server!r})"

    async def __aenter__(self) -> Self:
        """The client, closed at the end of the block."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        await self.close()

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def ask(self, call: Call[T]) -> T:
        """The answer of a call.

        Raises:
            ClientError: what it ends with instead.
        """
        steps = self._asking.steps(call)
        heard: Heard = None
        while True:
            try:
                step = steps.send(heard)
            except StopIteration as ended:
                answer: T = ended.value
                return answer
            heard = await self._take(step)

    async def each(self, call: Call[Page[T]]) -> AsyncIterator[T]:
        """The items of a list; each page is asked for when the one before it is used up."""
        while True:
            page = await self.ask(call)
            for item in page.items:
                yield item
            if page.after is None:
                return
            call = following(call, page.after)

    async def follow(self, events: Events[T]) -> AsyncIterator[T]:
        """The events of a stream; goes on by itself where it is cut off.

        Raises:
            ClientError: what it ends with instead.
        """
        steps = follow(self._asking, events)
        heard: Piece = None
        async with AsyncExitStack() as opened:
            pieces = _none()
            while True:
                try:
                    step = steps.send(heard)
                except StopIteration:
                    return
                heard = None
                match step:
                    case Told(item):
                        yield item
                    case More():
                        heard = await _next(pieces)
                    case Open(request):
                        heard, pieces = await self._open(request, opened)
                    case Pause(seconds):
                        await opened.aclose()
                        await self._sleep(seconds)

    async def _open(
        self, request: Request, opened: AsyncExitStack
    ) -> tuple[Answer | Fault, AsyncIterator[bytes]]:
        method, url, headers, _, seconds, reading = request
        timeout = httpx.Timeout(seconds, read=reading)
        try:
            asked = self._http.stream(method, url, headers=dict(headers), timeout=timeout)
            got = await opened.enter_async_context(asked)
            body = b"" if got.status_code == httpx.codes.OK else await got.aread()
        except httpx.RequestError as error:
            return Fault(type(error).__name__), _none()
        said = Answer(got.status_code, lowered(got.headers.multi_items()), body)
        return said, got.aiter_bytes()

    async def _take(self, step: Request | Pause) -> Heard:
        if isinstance(step, Pause):
            await self._sleep(step.seconds)
            return None
        method, url, headers, body, seconds, reading = step
        timeout = httpx.Timeout(seconds, read=reading)
        try:
            got = await self._http.request(
                method,
                url,
                headers=dict(headers),
                content=sent_asynchronously(body),
                timeout=timeout,
            )
        except httpx.RequestError as error:
            return Fault(type(error).__name__)
        return Answer(got.status_code, lowered(got.headers.multi_items()), got.content)


async def _none() -> AsyncIterator[bytes]:
    nothing: tuple[bytes, ...] = ()
    for piece in nothing:
        yield piece


async def _next(pieces: AsyncIterator[bytes]) -> bytes | Fault | None:
    try:
        return await anext(pieces, None)
    except httpx.RequestError as error:
        return Fault(type(error).__name__)
