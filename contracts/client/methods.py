"""A function that makes a call, as a method of both clients: one declaration, typed for each."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import wraps
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, overload

from .calls.call import Call, Events, Page

P = ParamSpec("P")
T = TypeVar("T")
Made = TypeVar("Made")


class Blocking(Protocol):
    """The client that blocks."""

    def ask(self, call: Call[T]) -> T:
        """The answer of a call."""

    def each(self, call: Call[Page[T]]) -> Iterator[T]:
        """The items of a list, page after page."""

    def follow(self, events: Events[T]) -> Iterator[T]:
        """The events of a stream as they come."""


class Awaiting(Protocol):
    """The client for asyncio."""

    async def ask(self, call: Call[T]) -> T:
        """The answer of a call."""

    def each(self, call: Call[Page[T]]) -> AsyncIterator[T]:
        """The items of a list, page after page."""

    def follow(self, events: Events[T]) -> AsyncIterator[T]:
        """The events of a stream as they come."""


class Method(Generic[P, Made]):
    """``make``: the function that makes what is asked."""

    def __init__(self, make: Callable[P, Made]) -> None:
        self.make = make

    def of(self, through: Callable[[Made], Any]) -> Callable[P, Any]:
        """The method whose calls go through ``ask``, ``each`` or ``follow`` of a client."""

        @wraps(self.make)
        def method(*given: P.args, **named: P.kwargs) -> Any:
            return through(self.make(*given, **named))

        return method


class Asks(Method[P, Call[T]]):
    """``client.me()``: the answer, or an awaitable of it."""

    @overload
    def __get__(self, client: Blocking, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, client: Awaiting, owner: type) -> Callable[P, Awaitable[T]]: ...
    def __get__(self, client: Any, owner: type) -> Callable[P, Any]:
        """The method of a client."""
        return self.of(client.ask)


class Lists(Method[P, Call[Page[T]]]):
    """``client.operations()``: an iterator of all items, which reads page after page."""

    @overload
    def __get__(self, client: Blocking, owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, client: Awaiting, owner: type) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(self, client: Any, owner: type) -> Callable[P, Any]:
        """The method of a client."""
        return self.of(client.each)


class Follows(Method[P, Events[T]]):
    """``client.events_of_operation(id)``: an iterator that goes on as long as there are events."""

    @overload
    def __get__(self, client: Blocking, owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, client: Awaiting, owner: type) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(self, client: Any, owner: type) -> Callable[P, Any]:
        """The method of a client."""
        return self.of(client.follow)
