"""What a chapter is made of: steps, in order, and what they prove."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from contracts.catalog import CourseStructure, LearningProgram
from contracts.directory import School, User
from services.cli.demo.school import RIVERSIDE
from services.cli.demo.seen import Seen
from services.domain.policy import Policy


class Ask(NamedTuple):
    """A command under its name in the story, which is its id too unless ``id`` says another.

    ``type`` is the short one; ``data`` is sent as it is, also where it is no valid command.
    """

    name: str
    type: str
    data: Mapping[str, Any]
    id: str


class Call(NamedTuple):
    """A request of the API, in the name of a user; ``key`` of a command: its Idempotency-Key.

    A command waits for its result.
    """

    name: str
    path: str
    actor: str
    school: str = RIVERSIDE
    body: Mapping[str, Any] | None = None
    key: str | None = None

    @property
    def method(self) -> str:
        """``POST`` of what has a body."""
        return "GET" if self.body is None else "POST"


class Garbage(NamedTuple):
    """A message that nobody can read, under a learner's key."""

    name: str
    learner: str
    value: bytes


Entry = CourseStructure | LearningProgram | School | User


class Publish(NamedTuple):
    """Records of the catalog and the directory."""

    entries: Sequence[Entry]


class Look(NamedTuple):
    """The learner's card; ``full``: as ``coursemark show`` prints it, and not in two lines.

    ``then``: as it was when that command had been carried out, from the log alone.
    """

    name: str
    learner: str
    course: str
    then: str | None = None
    full: bool = False


class Hear(NamedTuple):
    """What ``coursemark.events.v1`` said of a command, as ``coursemark watch`` has it."""

    ask: str


class Award(NamedTuple):
    """Waits until a learner has completed a learning programme."""

    learner: str
    program: str


class Rebuild(NamedTuple):
    """A view built anew beside the old one while somebody reads it; then all views are checked."""

    view: str
    learner: str


class Watch(NamedTuple):
    """Waits until an operation rests; keeps its report, and the rows that have something to say."""

    name: str
    operation: str


class Stand(NamedTuple):
    """How many learners of a course stand how, as `coursemark reports standing` counts them."""

    name: str
    course: str


class File(NamedTuple):
    """A file checked as `coursemark import` checks it; the lines without problems are sent.

    ``operation`` is the name of the command too.
    """

    operation: str
    actor: str
    text: str


class Limits(NamedTuple):
    """The school's policy from now on."""

    policy: Policy


class Renew(NamedTuple):
    """A schedule, of a moment from now on and each day: a course is reset where it is too old."""

    schedule: str
    course: str
    months: int
    actor: str
    note: str


class Slot(NamedTuple):
    """Waits until a schedule's slot has begun its operation, and until that rests."""

    name: str
    schedule: str


class Wire(NamedTuple):
    """A command and its result in full, as Kafka carried them."""

    ask: str


WithMany = Watch | Stand | File | Limits | Renew | Slot
Step = Ask | Call | Garbage | Publish | Look | Hear | Award | Rebuild | Wire | WithMany


class Proof(NamedTuple):
    """``holds`` looks at what really came; where something is missing it is not shown."""

    rule: str
    shown: str
    holds: Callable[[Seen], bool]


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A short one: a plot, what was done, and what it proves."""

    title: str
    plot: str
    steps: Sequence[Step] = ()
    proofs: Sequence[Proof] = ()
