"""A function that makes a call, as a method of both clients: one declaration, typed for each."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import wraps
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, overload

from .calls.call import Call, Page

P = ParamSpec("P")
T = TypeVar("T")


class Blocking(Protocol):
    """The client that blocks."""

    def ask(self, call: Call[T]) -> T:
        """The answer of a call."""

    def each(self, call: Call[Page[T]]) -> Iterator[T]:
        """The items of a list, page after page."""


class Awaiting(Protocol):
    """The client for asyncio."""

    async def ask(self, call: Call[T]) -> T:
        """The answer of a call."""

    def each(self, call: Call[Page[T]]) -> AsyncIterator[T]:
        """The items of a list, page after page."""


class Method(Generic[P, T]):
    """``make``: the function that makes the call."""

    def __init__(self, make: Callable[P, Call[T]]) -> None:
        self.make = make

    def of(self, through: Callable[[Call[T]], Any]) -> Callable[P, Any]:
        """The method whose calls go through ``ask`` or ``each`` of a client."""

        @wraps(self.make)
        def method(*given: P.args, **named: P.kwargs) -> Any:
            return through(self.make(*given, **named))

        return method


class Asks(Method[P, T]):
    """``client.me()``: the answer, or an awaitable of it."""

    @overload
    def __get__(self, client: Blocking, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, client: Awaiting, owner: type) -> Callable[P, Awaitable[T]]: ...
    def __get__(self, client: Any, owner: type) -> Callable[P, Any]:
        """The method of a client."""
        return self.of(client.ask)


class Lists(Method[P, Page[T]]):
    """``client.operations()``: an iterator of all items, which reads page after page."""

    @overload
    def __get__(self, client: Blocking, owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, client: Awaiting, owner: type) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(self, client: Any, owner: type) -> Callable[P, Any]:
        """The method of a client."""
        return self.of(client.each)
