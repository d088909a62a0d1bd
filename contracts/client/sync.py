"""The client that blocks: httpx does what the steps of a call say."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import Self, TypeVar

import httpx

from .asking import Asking, Fault, Heard, Pause, Request, Token, lowered
from .bodies import sent
from .calls.call import Answer, Call, Events, Page, following
from .hosts import check, trusted
from .retrying import RETRIES, Retries
from .v1 import V1
from .watching import More, Open, Piece, Told, follow

T = TypeVar("T")


class Client(V1):
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
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._asking = Asking(server, token, timeout, retries, chance, fresh=fresh)
        check(server)
        self._http = httpx.Client(verify=trusted(server), transport=transport)
        self._sleep = sleep

    def __repr__(self) -> str:
        """Where it asks; never with what token."""
        return f"Client({self._asking.server!r})"

    def __enter__(self) -> Self:
        """The client, closed at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def ask(self, call: Call[T]) -> T:
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
            heard = self._take(step)

    def each(self, call: Call[Page[T]]) -> Iterator[T]:
        """The items of a list; each page is asked for when the one before it is used up."""
        while True:
            page = self.ask(call)
            yield from page.items
            if page.after is None:
                return
            call = following(call, page.after)

    def follow(self, events: Events[T]) -> Iterator[T]:
        """The events of a stream; goes on by itself where it is cut off.

        Raises:
            ClientError: what it ends with instead.
        """
        steps = follow(self._asking, events)
        heard: Piece = None
        with ExitStack() as opened:
            pieces: Iterator[bytes] = iter(())
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
                        heard = _next(pieces)
                    case Open(request):
                        heard, pieces = self._open(request, opened)
                    case Pause(seconds):
                        opened.close()
                        self._sleep(seconds)

    def _open(self, request: Request, opened: ExitStack) -> tuple[Answer | Fault, Iterator[bytes]]:
        method, url, headers, _, seconds, reading = request
        timeout = httpx.Timeout(seconds, read=reading)
        try:
            asked = self._http.stream(method, url, headers=dict(headers), timeout=timeout)
            got = opened.enter_context(asked)
            body = b"" if got.status_code == httpx.codes.OK else got.read()
        except httpx.RequestError as error:
            return Fault(type(error).__name__), iter(())
        said = Answer(got.status_code, lowered(got.headers.multi_items()), body)
        return said, got.iter_bytes()

    def _take(self, step: Request | Pause) -> Heard:
        if isinstance(step, Pause):
            self._sleep(step.seconds)
            return None
        method, url, headers, body, seconds, reading = step
        timeout = httpx.Timeout(seconds, read=reading)
        try:
            got = self._http.request(
                method, url, headers=dict(headers), content=sent(body), timeout=timeout
            )
        except httpx.RequestError as error:
            return Fault(type(error).__name__)
        return Answer(got.status_code, lowered(got.headers.multi_items()), got.content)


def _next(pieces: Iterator[bytes]) -> bytes | Fault | None:
    try:
        return next(pieces, None)
    except httpx.RequestError as error:
        return Fault(type(error).__name__)
