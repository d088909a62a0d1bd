"""A call of the API as data: what is sent, whether it may be sent again, and how to read it."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import parse_qsl, quote

from pydantic import TypeAdapter, ValidationError

from ...envelope import timestamp
from ...model import Contract
from ..bodies import Body
from ..problems import UnreadableError

T = TypeVar("T")
M = TypeVar("M", bound=Contract)
Item = TypeVar("Item")
Said = str | float | bool | date | Sequence[str] | None
"""A parameter of the address; none: left out; several: repeated."""

_NEXT = re.compile(r'<([^<>]*)>[^,<]*;\s*rel="?next"?', re.IGNORECASE)


class Answer(NamedTuple):
    """What came back; names of ``headers`` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[T]):
    """``path``: percent-encoded; ``again``: sent twice, it does the same as once.

    ``wait``: seconds that the server may take before it answers, beside the client's timeout.
    """

    method: str
    path: str
    read: Callable[[Answer], T]
    query: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    body: Body | None = None
    again: bool = True
    wait: int = 0


@dataclass(frozen=True, slots=True)
class Events(Generic[T]):
    """Server-sent events: ``call`` reads the data of one; ``ends``: nothing comes after it."""

    call: Call[T]
    ends: Callable[[T], bool]


class Page(NamedTuple, Generic[Item]):
    """``after``: path and query of the next page, where there is one."""

    items: Sequence[Item]
    after: str | None


def asks(
    method: str,
    template: str,
    read: Callable[[Answer], T],
    ids: Sequence[str] = (),
    query: Mapping[str, Said] | None = None,
    **more: Any,
) -> Call[T]:
    """A call of an address such as ``/v1/operations/{operation}``, its ids percent-encoded."""
    parts = iter(ids)
    path = re.sub(r"\{[^}]*\}", lambda _: _segment(next(parts)), template)
    said = [(name, it) for name, value in (query or {}).items() for it in _texts(value)]
    return Call(method=method, path=path, read=read, query=said, **more)


def get(
    template: str, model: type[M], *ids: str, query: Mapping[str, Said] | None = None
) -> Call[M]:
    """A read of one message."""
    return asks("GET", template, as_(model), ids, query)


def pages(
    template: str,
    model: type[M],
    items: Callable[[M], Sequence[Item]],
    *ids: str,
    query: Mapping[str, Said] | None = None,
) -> Call[Page[Item]]:
    """A read of a list, page by page."""
    read_page = as_(model)

    def read(answer: Answer) -> Page[Item]:
        return Page(items(read_page(answer)), _after(answer))

    return asks("GET", template, read, ids, query)


def following(call: Call[Page[Item]], after: str) -> Call[Page[Item]]:
    """The call of the next page."""
    path, _, query = after.partition("?")
    return replace(call, path=path, query=parse_qsl(query, keep_blank_values=True))


def cursor_after(answer: Answer) -> str | None:
    """Where the page after this one begins, where there is one."""
    _, _, query = (_after(answer) or "").partition("?")
    return dict(parse_qsl(query)).get("cursor")


def as_(model: type[M]) -> Callable[[Answer], M]:
    """Reads an answer as that message."""
    return one_of(TypeAdapter(model))


def one_of(adapter: TypeAdapter[T]) -> Callable[[Answer], T]:
    """Reads an answer as what the adapter takes.

    The function raises ``UnreadableError`` where the answer is something else.
    """

    def read(answer: Answer) -> T:
        try:
            return adapter.validate_json(answer.body)
        except ValidationError as error:
            raise UnreadableError(answer.status, error) from None

    return read


def text(answer: Answer) -> str:
    """Reads an answer that is a file of text in UTF-8."""
    return answer.body.decode("utf-8", "replace")


def keyed(key: str) -> dict[str, str]:
    """The header that says which request it is, also when it is sent again."""
    return {"idempotency-key": json.dumps(key)}


def nothing(_: Answer) -> None:
    """Reads an answer that says nothing."""


def _segment(id_: str) -> str:
    """One segment of a path; ``.`` and ``..`` as they are would lead elsewhere."""
    encoded = quote(id_, safe="")
    return encoded if encoded.strip(".") else encoded.replace(".", "%2E")


def _texts(value: Said) -> Sequence[str]:
    match value:
        case None:
            return ()
        case bool():
            return ("true" if value else "false",)
        case datetime():
            return (timestamp(value),)
        case str() | float() | int() | date():
            return (str(value),)
        case _:
            return value


def _after(answer: Answer) -> str | None:
    """RFC 8288, as Coursemark writes it: a path of this server, never another's address."""
    found = _NEXT.search(answer.headers.get("link", ""))
    return found[1] if found is not None and found[1].startswith("/v1/") else None
