"""A stream of events, followed through whatever cuts it off, without IO.

As ``asking``: a generator yields what to do next and is sent what was heard. It goes on with
``Last-Event-ID`` where it was cut off, and gives up when so many attempts in a row told nothing,
not even that the stream is still there.
"""

from collections.abc import Generator, Iterator
from typing import Generic, NamedTuple, TypeVar

from .asking import Asking, Fault, Pause, Request
from .calls.call import Answer, Events
from .problems import UnreadableError
from .server_sent import Parser, ServerSent, TooLongError

T = TypeVar("T")
_OK = 200
_NOTHING_MORE = 204
_SILENT_SECONDS = 45.0
"""A stream says every 15 seconds that it is still there, whatever is told in it."""


class Open(NamedTuple):
    """Begin an answer. Of 200 the body is left to ``More``; any other is heard as a whole."""

    request: Request


class More(NamedTuple):
    """Read on; heard: bytes, none at the end of the answer, or a fault."""


class Told(NamedTuple, Generic[T]):
    """Hand it out."""

    item: T


Next = Open | More | Pause | Told[T]
Piece = bytes | Answer | Fault | None


def follow(asking: Asking, events: Events[T]) -> Generator[Next[T], Piece, None]:
    """Until the last event, or until the server says that there are no more.

    Raises:
        ClientError: what it ends with instead.
    """
    last: str | None = None
    silent, paused = 0, 0.0
    while True:
        heard: Piece = yield Open(_request(asking, events, last))
        silent += 1
        if isinstance(heard, Answer) and heard.status == _NOTHING_MORE:
            return
        if isinstance(heard, Answer) and heard.status == _OK:
            parser, heard = Parser(), (yield More())
            while isinstance(heard, bytes):
                for event in _read(parser, heard):
                    last, silent, paused = event.id, 0, 0.0
                    item = events.call.read(Answer(_OK, {}, event.data.encode()))
                    yield Told(item)
                    if events.ends(item):
                        return
                if parser.beats:
                    silent, paused = 0, 0.0
                heard = yield More()
        fault = heard if isinstance(heard, Answer | Fault) else Fault("the stream was cut off")
        pause = asking.pause(events.call, fault, max(silent, 1), paused)
        if pause is None:
            raise UnreadableError(asking.heard(fault).status)
        paused += pause
        yield Pause(pause)


def _request(asking: Asking, events: Events[T], last: str | None) -> Request:
    known = {} if last is None else {"last-event-id": last}
    asked = asking.request(events.call, {"accept": "text/event-stream"} | known)
    return asked._replace(reading=max(asked.reading, _SILENT_SECONDS))


def _read(parser: Parser, piece: bytes) -> Iterator[ServerSent]:
    try:
        yield from parser.feed(piece)
    except TooLongError:
        raise UnreadableError(_OK) from None
