"""What a command would lead to: decided like the real thing, and nothing is written (B5)."""

from datetime import datetime
from typing import NamedTuple

from contracts.commands import ImportCompletion, MarkComplete
from contracts.events import ActivityCompleted, Event
from contracts.results import CommandPreviewed
from services.commands import answers
from services.commands.incoming import Incoming
from services.domain.access import is_locked
from services.domain.course import Course
from services.domain.decision import Accepted, Decision
from services.domain.state import Progress


class Foreseen(NamedTuple):
    """A preview that says nothing of its effects yet, and the events that would have them."""

    result: CommandPreviewed
    events: tuple[Event, ...]


def foresee(
    incoming: Incoming, decision: Decision, after: Progress, course: Course | None, now: datetime
) -> Foreseen:
    """The preview of a decision; ``after``: the record as the events would leave it."""
    events = decision.events if isinstance(decision, Accepted) else ()
    locked = _still_locked(incoming, events, after, course, now)
    return Foreseen(answers.previewed(incoming, decision, locked, now), events)


def _still_locked(
    incoming: Incoming,
    events: tuple[Event, ...],
    after: Progress,
    course: Course | None,
    now: datetime,
) -> tuple[str, ...]:
    """What is marked, or imported, and stays locked in the player for all that (M10)."""
    if course is None or not isinstance(incoming.command, MarkComplete | ImportCompletion):
        return ()
    marked = (it.activity for it in events if isinstance(it, ActivityCompleted))
    return tuple(it for it in marked if is_locked(course, after, it, now))
