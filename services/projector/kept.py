"""A bounded memory: the longest unused go first."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Values by key, up to a limit in units of ``size``; those of the last ``keep`` stay always."""

    def __init__(self, limit: int, size: Callable[[V], int]) -> None:
        self._limit = limit
        self._size = size
        self._values: OrderedDict[K, V] = OrderedDict()
        self._total = 0

    def known(self, keys: Iterable[K]) -> dict[K, V]:
        """The values that are there."""
        values = self._values
        return {key: values[key] for key in keys if key in values}

    def keep(self, values: Mapping[K, V]) -> None:
        """Take these over as the latest, and forget the oldest beyond the limit."""
        for key, value in values.items():
            if key in self._values:
                self._total -= self._size(self._values.pop(key))
            self._values[key] = value
            self._total += self._size(value)
        while self._total > self._limit and len(self._values) > len(values):
            _, oldest = self._values.popitem(last=False)
            self._total -= self._size(oldest)

    def forget(self) -> None:
        """Forget everything."""
        self._values.clear()
        self._total = 0
