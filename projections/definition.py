"""What a projection is: data and pure functions; the projector does the reading and writing.

A projection turns the events of a stream into a state, and the change of a state into rows. Its
folder holds its SQL: ``tables.sql`` makes its tables, by unqualified names; ``load_<table>.sql``
gives the stored rows of some streams, the columns in the table's order; ``put_<table>.sql`` and
the others that a ``Write`` names take one array per column; ``delete_<table>.sql`` takes streams
with what says of the rest of the key which rows go; ``add_<totals>.sql`` adds rows to totals;
``strays.sql`` finds rows of streams that the log has not, where there are tables.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar, get_args

from contracts.events import CourseStructurePublished, Event, Logged
from contracts.registry import name_of
from contracts.topics import Stream
from services.domain.course import Course

S = TypeVar("S")
Row = tuple[Any, ...]
"""Values in the order of a table's columns; the first three are the stream's name."""

STRUCTURE = name_of(CourseStructurePublished)
PROGRESS_EVENTS = frozenset(map(name_of, get_args(Event)))
"""Every event of a learner in a course."""


class Recorded(NamedTuple):
    """An event as a projection sees it; ``position`` is its place in the log's commit order.

    ``event`` is of a learner in a course, unless the projection handles other types: then it
    looks at ``logged``, which may be any of them.
    """

    version: int
    position: tuple[int, int]
    type: str
    event: Event

    @property
    def logged(self) -> Logged:
        """The event, of whichever type."""
        return self.event


class Table(NamedTuple):
    """A table of a view; its columns begin with school, learner, course.

    ``restores``: its rows are needed to go on from a stored state. ``put``: the statement that
    writes a row whether or not it is there; none where rows are only ever added.
    """

    name: str
    columns: tuple[str, ...]
    restores: bool = True
    put: str | None = None


class Totals(NamedTuple):
    """A table of sums over many streams; its rows belong to no stream.

    ``key``: columns of text, whole numbers or dates, never null; the first is the school.
    ``sums``: bigint columns. A ``Write`` to ``add`` has rows in the order of ``columns`` that say
    how much more each sum is (less, below 0); a key without a row stands for sums of 0. They say
    what events add, and nothing else: a change whose ``before`` is its ``after`` adds nothing,
    and no sum depends on a course's structure. Let there be far fewer keys than streams.
    """

    name: str
    key: tuple[str, ...]
    sums: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The key's, then the sums'."""
        return self.key + self.sums

    @property
    def add(self) -> str:
        """The statement that adds rows: an insert that adds to what is there."""
        return f"add_{self.name}"


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

    ``handles``: the types of events it wants, by stream; it passes over all others. ``courses``:
    its rows depend on course structures, and are written anew where one changes. ``totals``: what
    it adds up over streams; it may have those alone. ``restore``: the states that rows stand for;
    none where a fold needs no earlier state and nothing is kept. ``fold``: the state after more
    events of a stream. ``writes``: what the changes do to the rows. ``size``: how much memory a
    state takes, in half kilobytes.
    """

    name: str
    version: int
    package: str
    handles: frozenset[str] = PROGRESS_EVENTS
    courses: bool = False
    tables: tuple[Table, ...] = ()
    totals: tuple[Totals, ...] = ()
    restore: Callable[[Mapping[str, Sequence[Row]]], dict[Stream, S]] | None = None
    fold: Callable[[S | None, Sequence[Recorded]], S]
    writes: Callable[[Sequence[Change[S]]], list[Write]]
    size: Callable[[S], int] = _one

    @property
    def reads(self) -> frozenset[str]:
        """The types of events that have to be decoded for it."""
        return self.handles | {STRUCTURE} if self.courses else self.handles
