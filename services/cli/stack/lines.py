"""Messages of an API as the lines that the commands print."""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

from contracts.model import Contract

Line = TypeVar("Line", bound=NamedTuple)


def line(kind: type[Line], it: Contract, more: Mapping[str, Any]) -> Line:
    """The fields of a line by their names, which are those of the message; ``more``: others."""
    fields = dict(it) | dict(more)
    return kind._make(fields[name] for name in kind._fields)
