"""What a projection is: data and pure functions; the projector does the reading and writing.

A projection turns the events of a stream into a state, and the change of a state into rows. Its
folder holds its SQL: ``tables.sql`` makes its tables, by unqualified names; ``load_<table>.sql``
gives the stored rows of some streams, the columns in the table's order; ``put_<table>.sql`` and
the others that a ``Write`` names take one array per column.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from contracts.events import CourseStructurePublished, Event
from contracts.registry import EVENTS, name_of
from contracts.topics import Stream
from services.domain.course import Course

S = TypeVar("S")
Row = tuple[Any, ...]
"""Values in the order of a table's columns; the first three are the stream's name."""

STRUCTURE = name_of(CourseStructurePublished)
PROGRESS_EVENTS = frozenset(EVENTS) - {STRUCTURE}
"""Every event of a learner in a course."""


class Recorded(NamedTuple):
    """An event as a projection sees it; ``position`` is its place in the log's commit order."""

    version: int
    position: tuple[int, int]
    type: str
    event: Event


class Table(NamedTuple):
    """A table of a view; its columns begin with school, learner, course.

    ``restores``: its rows are needed to go on from a stored state. ``put``: the statement that
    writes a row whether or not it is there; none where rows are only ever added.
    """

    name: str
    columns: tuple[str, ...]
    restores: bool = True
    put: str | None = None


class Write(NamedTuple):
    """Rows for a statement of the projection, or for a table that rows are only added to."""

    statement: str
    rows: Sequence[Row]


class Change(NamedTuple, Generic[S]):
    """A stream's state as its rows show it (none: it has no rows) and as they shall show it.

    ``course`` is the latest structure, none where the log has none yet.
    """

    stream: Stream
    before: S | None
    after: S
    course: Course | None


def _one(_state: object) -> int:
    return 1


@dataclass(frozen=True, kw_only=True)
class Projection(Generic[S]):
    """A view of the log.

    Raise ``version`` with every change of its tables or of its functions: the projector then
    builds the view anew beside the old one.

    ``handles``: the types of events it wants. ``courses``: its rows depend on course structures,
    and are written anew where one changes. ``restore``: the states that rows stand for; none
    where a fold needs no earlier state and nothing is kept. ``fold``: the state after more
    events of a stream. ``writes``: what the changes do to the rows. ``size``: how much memory a
    state takes, in half kilobytes.
    """

    name: str
    version: int
    package: str
    handles: frozenset[str] = PROGRESS_EVENTS
    courses: bool = False
    tables: tuple[Table, ...]
    restore: Callable[[Mapping[str, Sequence[Row]]], dict[Stream, S]] | None = None
    fold: Callable[[S | None, Sequence[Recorded]], S]
    writes: Callable[[Sequence[Change[S]]], list[Write]]
    size: Callable[[S], int] = _one

    @property
    def reads(self) -> frozenset[str]:
        """The types of events that have to be decoded for it."""
        return self.handles | {STRUCTURE} if self.courses else self.handles
