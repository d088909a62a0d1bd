"""A contract's fields as Arrow's columns: made from the model, so that a new type needs nothing.

Text, numbers, truth and instants become columns of their kind, lists lists, and models structs;
an instant is a timestamp in microseconds, UTC. A field may be null where the contract lets it be
none.
"""

from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pyarrow as pa
from pydantic import AwareDatetime

from contracts import registry
from contracts.model import Contract

IN_THE_PATH = "school"
"""The field that is left out: as a column of the partitions it stands in the files' paths."""

ENVELOPE = (
    pa.field("event_id", pa.string(), nullable=False),
    pa.field("event_version", pa.int64(), nullable=False),
    pa.field("transaction_id", pa.int64(), nullable=False),
    pa.field("notification_id", pa.int64(), nullable=False),
)
"""Before the event's own fields: its id outside, its version in its stream, and its position."""

_KINDS: dict[Any, pa.DataType] = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    datetime: pa.timestamp("us", tz="UTC"),
    AwareDatetime: pa.timestamp("us", tz="UTC"),
    date: pa.date32(),
}


class UnmappableError(TypeError):
    """A field of a kind that no column is known for."""


@cache
def schema(name: str) -> pa.Schema:
    """The columns of a type of event, by its declared name.

    Raises:
        UnmappableError: a field has a kind that is not known here.
    """
    fields = [it for it in _fields(registry.EVENTS[name]) if it.name != IN_THE_PATH]
    return pa.schema([*ENVELOPE, *fields], metadata={"coursemark.type": name})


def _fields(model: type[Contract]) -> list[pa.Field]:
    return [_field(model, name) for name in model.model_fields]


def _field(model: type[Contract], name: str) -> pa.Field:
    try:
        kind, may_be_none = _kind(model.model_fields[name].annotation)
    except UnmappableError as error:
        raise UnmappableError(f"{model.__name__}.{name}: {error}") from None
    return pa.field(name, kind, nullable=may_be_none)


def _kind(annotation: Any) -> tuple[pa.DataType, bool]:
    """Arrow's type, and whether there may be none."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if annotation in _KINDS:
        return _KINDS[annotation], False
    if origin is Annotated:
        return _kind(inner[0])
    if origin in {Union, UnionType}:
        return _of_union(annotation, [it for it in inner if it is not NoneType])
    if origin is Literal:
        return _of_union(annotation, list({type(it) for it in inner}))
    if origin is tuple and inner[1:] == (...,):
        kind, may_be_none = _kind(inner[0])
        return pa.list_(pa.field("item", kind, nullable=may_be_none)), False
    if isinstance(annotation, type) and issubclass(annotation, Contract):
        return pa.struct(_fields(annotation)), False
    raise UnmappableError(f"no column is known for {annotation}; add its kind here")


def _of_union(annotation: Any, members: list[Any]) -> tuple[pa.DataType, bool]:
    """One kind, or none."""
    if len(members) != 1:
        raise UnmappableError(f"{annotation} may be of several kinds, which no column can hold")
    return _kind(members[0])[0], NoneType in get_args(annotation)
