"""States as rows and as additions to totals, and rows as states."""

from collections.abc import Iterator, Mapping, Sequence

from contracts.topics import Stream
from projections.definition import Change, Row, Write
from projections.reports.state import Place, Reported
from projections.reports.tables import DAILY, TIME_TOTALS, TimeRow


def writes(changes: Sequence[Change[Reported]]) -> list[Write]:
    """What makes rows and totals show the latest events; parts without rows are left out."""
    parts = [
        Write("put_time_spent", [row for it in changes for row in _time(it)]),
        Write(TIME_TOTALS.add, [row for it in changes for row in _time_more(it)]),
        Write(DAILY.add, [row for it in changes for row in _daily_more(it)]),
    ]
    return [part for part in parts if part.rows]


def restore(rows: Mapping[str, Sequence[Row]]) -> dict[Stream, Reported]:
    """The states that the rows of ``time_spent`` stand for."""
    seconds: dict[Stream, dict[Place, int]] = {}
    for row in map(TimeRow._make, rows["time_spent"]):
        stream = Stream(row.school, row.learner, row.course)
        seconds.setdefault(stream, {})[row.activity, row.month] = row.seconds
    return {stream: Reported(places) for stream, places in seconds.items()}


def _time(change: Change[Reported]) -> Iterator[Row]:
    """The places that the latest events added to, each once."""
    for place in dict.fromkeys(place for place, _ in change.after.spent):
        yield (*change.stream, *place, change.after.seconds[place])


def _time_more(change: Change[Reported]) -> Iterator[Row]:
    school, _, course = change.stream
    for place, seconds in change.after.spent:
        yield school, course, *place, seconds


def _daily_more(change: Change[Reported]) -> Iterator[Row]:
    school, _, course = change.stream
    for kind, day, provenance, administrator, number in change.after.happened:
        yield school, kind, day, course, provenance or "", administrator, number
