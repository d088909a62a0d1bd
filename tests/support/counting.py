"""A projection without a database: rows and totals in dictionaries, by the same definition."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from contracts.registry import name_of
from projections.definition import Change, Projection, Recorded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.topics import Stream
    from projections.definition import Row, Write
    from tests.support.decided import Log

S = TypeVar("S")


class Counting(Generic[S]):
    """Rows by table, totals by name.

    ``keys``: of how many columns each table's key is. ``restarts``: states are restored from
    the rows for each batch, as a projector does that has just started; kept otherwise.
    """

    def __init__(
        self, projection: Projection[S], keys: dict[str, int], *, restarts: bool = False
    ) -> None:
        self._projection = projection
        self._keys = keys
        self._restarts = restarts
        self._kept: dict[Stream, S] = {}
        self._versions: Counter[Stream] = Counter()
        self.rows: dict[str, dict[Row, Row]] = {table.name: {} for table in projection.tables}
        self.totals: dict[str, Counter[tuple[Any, ...]]] = {
            it.name: Counter() for it in projection.totals
        }

    def handle(self, batch: Log) -> None:
        """Fold a batch and write what comes of it."""
        news: dict[Stream, list[Recorded]] = {}
        for stream, event in batch:
            self._versions[stream] += 1
            version = self._versions[stream]
            if name_of(event) in self._projection.handles:
                recorded = Recorded(version, (1, version), name_of(event), event)
                news.setdefault(stream, []).append(recorded)
        states = self._restored() if self._restarts else self._kept
        changes = []
        for stream, events in news.items():
            before = states.get(stream)
            after = self._projection.fold(before, events)
            self._kept[stream] = after
            changes.append(Change(stream, before, after, None))
        for write in self._projection.writes(changes) if changes else []:
            self._write(write)

    def _restored(self) -> dict[Stream, S]:
        assert self._projection.restore is not None
        return self._projection.restore(
            {name: list(rows.values()) for name, rows in self.rows.items()}
        )

    def _write(self, write: Write) -> None:
        for total in self._projection.totals:
            if total.add == write.statement:
                self._add(total.name, len(total.key), total.sums, write.rows)
                return
        for table in self._projection.tables:
            if write.statement == f"delete_{table.name}":
                self._keep(table.name, write.rows)
                return
        [table] = [it for it in self._projection.tables if it.put == write.statement]
        size = self._keys[table.name]
        given = {tuple(row[:size]): tuple(row) for row in write.rows}
        assert len(given) == len(write.rows), "one statement would write a row twice"
        self.rows[table.name] |= given

    def _keep(self, name: str, left: Sequence[Row]) -> None:
        """Of each stream in ``left`` the rows whose numbers in the key are no larger."""
        size = self._keys[name]
        largest = {tuple(row[:3]): row[3:] for row in left}
        self.rows[name] = {
            key: row
            for key, row in self.rows[name].items()
            if all(a <= b for a, b in zip(key[3:size], largest.get(key[:3], key[3:]), strict=True))
        }

    def _add(self, name: str, size: int, sums: Sequence[str], rows: Sequence[Row]) -> None:
        for row in rows:
            assert len(row) == size + len(sums)
            for sum_, more in zip(sums, row[size:], strict=True):
                self.totals[name][*row[:size], sum_] += more


def three_ways(projection: Projection[S], keys: dict[str, int], log: Log, cut: int) -> Counting[S]:
    """The log event by event with a restart after each, in batches, and stream by stream.

    All three must come to the same: a view that follows, one that catches up, one rebuilt.
    """
    one_by_one = Counting(projection, keys, restarts=True)
    for event in log:
        one_by_one.handle([event])
    in_batches = Counting(projection, keys)
    for start in range(0, len(log), cut):
        in_batches.handle(log[start : start + cut])
    rebuilt = Counting(projection, keys)
    for stream in dict.fromkeys(stream for stream, _ in log):
        rebuilt.handle([event for event in log if event[0] == stream])
    assert one_by_one.rows == in_batches.rows == rebuilt.rows
    assert one_by_one.totals == in_batches.totals == rebuilt.totals
    return one_by_one
