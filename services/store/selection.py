"""What somebody wants of the log: a school, a course, types, days; read in bounded stretches.

Schools, courses and types are left out by the database, since streams and topics tell them. Days
are looked at here, in the event as it is read: where an old version of a type had its dates is
the upcasters' affair.
"""

from collections.abc import AsyncGenerator, Collection
from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import ValidationError

from contracts import registry, topics, upcasters
from contracts.problems import sentence
from services.store.log import EventLog
from services.store.mapper import LoggedEvent, decode
from services.store.records import FollowedEvent, Position
from services.store.sql import query

STRETCH = 2_000
"""Events that are read together, at the most."""

Clock = Literal["recorded", "effective"]
"""By when Coursemark wrote it down, or by when it was achieved (B4)."""


class SelectionError(Exception):
    """``unknown_school``, ``unknown_course``, ``unknown_type`` or ``dates_reversed``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class UnreadableEventError(Exception):
    """``poison_event``: an event that cannot be read; the text names it."""

    code = "poison_event"


class Wanted(NamedTuple):
    """Which events; none of a field means all. ``since`` and ``until`` belong to what is wanted.

    A course is of a school: with ``course`` there is a ``school``.
    """

    school: str | None = None
    course: str | None = None
    types: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    by: Clock = "recorded"

    def has(self, event: LoggedEvent) -> bool:
        """Whether the event's date is wanted; what was never achieved goes by its record."""
        when = event.recorded_at
        if self.by == "effective":
            when = getattr(event, "effective_at", when)
        after = self.since is None or self.since <= when
        return after and (self.until is None or when <= self.until)


class Selected(NamedTuple):
    """An event that is wanted, as the log has it and as it is read."""

    followed: FollowedEvent
    event: LoggedEvent

    @property
    def id(self) -> str:
        """The event's id outside."""
        return topics.event_id(self.followed.originator_id, self.followed.originator_version)

    @property
    def type(self) -> str:
        """The declared name of the newest version, as which it is read."""
        return upcasters.newest(self.followed.topic)


class Stretch(NamedTuple):
    """A piece of the log: how many events it has, those that are wanted, those left out by name.

    Whoever has handled ``events`` has come to ``end``.
    """

    end: Position
    passed: int
    events: list[Selected]
    skipped: list[str]


async def check(log: EventLog, wanted: Wanted) -> None:
    """Refuse what can only be a mistake.

    Raises:
        SelectionError: the log has nothing of the school or course, or the dates are reversed.
    """
    if wanted.since and wanted.until and wanted.since > wanted.until:
        raise SelectionError(
            "dates_reversed",
            f"From {wanted.since} until {wanted.until} is no time; give the earlier day first.",
        )
    if wanted.school is None:
        return
    school, course = await log.pool.fetchrow(query("known"), wanted.school, wanted.course)
    if not school:
        raise SelectionError(
            "unknown_school", f"The log has nothing of the school {wanted.school}; check its id."
        )
    if wanted.course is not None and not course:
        raise SelectionError(
            "unknown_course",
            f"The log has nothing of the course {wanted.course} in the school {wanted.school}; "
            "check its id.",
        )


def types(names: Collection[str]) -> frozenset[str] | None:
    """Declared names of declared or short ones such as ``course_completed``; none: all.

    Raises:
        SelectionError: there is no such type.
    """
    short = {name.split(".")[2]: name for name in registry.EVENTS}
    found = {name: short.get(name, name) for name in names}
    for name, declared in found.items():
        if declared not in registry.EVENTS:
            raise SelectionError(
                "unknown_type", f"{name[:100]} is no type of event; there are {', '.join(short)}."
            )
    return frozenset(found.values()) or None


async def event_at(log: EventLog, position: Position) -> str | None:
    """The id of the event that stands at the position; none where none does."""
    row = await log.pool.fetchrow(
        query("event_at"), str(position.transaction_id), position.notification_id
    )
    return None if row is None else topics.event_id(*row)


async def stretches(
    log: EventLog,
    wanted: Wanted,
    after: Position,
    until: Position,
    *,
    skip: Collection[str] = (),
    size: int = STRETCH,
) -> AsyncGenerator[Stretch]:
    """The log behind ``after`` up to and with ``until``, in commit order; memory stays flat.

    ``skip`` has ids of events that are left out unread.

    Raises:
        UnreadableEventError: another event cannot be read; all before it were given.
    """
    stored = stored_names(wanted.types)
    while after < until:
        rows = await log.pool.fetch(
            query("stretch"),
            str(after.transaction_id),
            after.notification_id,
            str(until.transaction_id),
            until.notification_id,
            size,
            wanted.school,
            wanted.course,
            stored,
        )
        if not rows:
            return
        passed, *end = rows[0][:3]
        after = Position(*end)
        read, skipped, unreadable = _read(rows, wanted, skip)
        if unreadable is None:
            yield Stretch(after, passed, read, skipped)
            continue
        if read:
            yield Stretch(read[-1].followed.position, 0, read, skipped)
        raise unreadable


def stored_names(names: Collection[str] | None) -> list[str] | None:
    """The names under which the log holds these types, old versions included."""
    if names is None:
        return None
    return [it for it in (*upcasters.STEPS, *registry.EVENTS) if upcasters.newest(it) in names]


def _read(
    rows: list[tuple[object, ...]], wanted: Wanted, skip: Collection[str]
) -> tuple[list[Selected], list[str], UnreadableEventError | None]:
    """The wanted events up to one that cannot be read; the ids of those that were left out."""
    read: list[Selected] = []
    skipped: list[str] = []
    for row in rows:
        if row[3] is None:  # nothing of the stretch is wanted
            break
        event = FollowedEvent(Position(*row[3:5]), *row[5:9])  # type: ignore[arg-type]
        id_ = topics.event_id(event.originator_id, event.originator_version)
        if id_ in skip:
            skipped.append(id_)
            continue
        try:
            selected = Selected(event, decode(event.topic, event.state))
            topics.Stream.parse(event.originator_id)
        except (ValueError, LookupError) as error:
            return read, skipped, _unreadable(id_, event.position, error)
        if wanted.has(selected.event):
            read.append(selected)
    return read, skipped, None


def _unreadable(id_: str, position: Position, error: Exception) -> UnreadableEventError:
    reason = sentence(error) if isinstance(error, ValidationError) else f"{error}."
    found = UnreadableEventError(
        f"The event {id_} at position {position} cannot be read: {reason} All before it is done. "
        f"Run the version of Coursemark that wrote it, or leave it out by name: --skip {id_}"
    )
    found.__cause__ = error
    return found
