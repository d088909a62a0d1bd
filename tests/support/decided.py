"""What happened to two learners in two courses of a school, as the rules decided it.

Commands of `histories` go to the streams in turn; time goes on by hours or weeks, so that a
history has several days and months. What the rules refuse leaves nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import strategies as st

from contracts.commands import ResetProgress, UndoCommand
from contracts.topics import Stream
from services.domain.course import Course
from services.domain.decide import decide
from services.domain.decision import Accepted
from services.domain.evolve import fold
from services.domain.state import NOTHING
from tests.support import histories, school

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

    from contracts.commands import Command
    from contracts.events import Event

Log = list[tuple[Stream, "Event"]]
"""Events in the order in which they were recorded."""

STREAMS = [
    Stream(school.SCHOOL, learner, course)
    for learner, course in ((school.LEARNER, school.COURSE), ("u-2", school.COURSE), ("u-2", "zoo"))
]
GAPS = st.sampled_from([timedelta(hours=1), timedelta(hours=30), timedelta(days=17)])
SHORTEST, LONGEST = 8, 24
"""Commands: fewer lead nowhere."""

_completed = st.builds(lambda email: school.mark(email=email), histories.emails)
_reset = st.builds(school.reset)
_spent = st.builds(school.spend, histories.one_id, histories.SECONDS)
_submitted = st.builds(school.submit, histories.one_id, histories.SCORES)
_gone = st.builds(lambda actor: school.unenroll(actor=actor), histories.ACTORS)
_back = st.builds(lambda actor: school.enroll(actor=actor), histories.ACTORS)

commands = st.one_of(
    *[_completed, _reset, _spent, _submitted, _back] * 3,
    _gone,
    histories.learners(),
    histories.administrators(),
    st.builds(school.evaluate),
)
"""Whatever may be sent; what attempts, time and scores are made of most often."""


def _undo(back: int, later: bool) -> UndoCommand:
    """Of the command that is so many before it in its stream."""
    who = school.WHOSE | {"actor": school.ADMINISTRATOR}
    return UndoCommand(**who, undoes=str(back), include_later=later)


_undone = st.builds(
    _undo, st.sampled_from([1, 1, 2, 2, 3, 9]), st.sampled_from([True, True, False])
)


@st.composite
def logs(draw: DrawFn, *, undo: bool = True) -> Log:
    """A school's log; its commands are c-1, c-2 and so on, and many are taken back (B7)."""
    courses = {stream: draw(histories.structures()) for stream in STREAMS}
    log: Log = []
    now = school.day(5)
    sent = st.one_of(commands, commands, _undone) if undo else commands
    steps = st.tuples(st.sampled_from(STREAMS), sent, GAPS, histories.SINCE)
    drawn = draw(st.lists(steps, min_size=SHORTEST, max_size=LONGEST))
    number = 0
    for stream, command, gap, since in drawn:
        now += gap
        course = Course(courses[stream], school.day(0))
        todo = [command.model_copy(update={} if since is None else {"effective_at": now + since})]
        if not any(of == stream for of, _ in log):
            todo.insert(0, school.enroll())
        if undo and isinstance(command, ResetProgress) and draw(st.booleans()):
            todo.append(_undo(1, True))
        for each in todo:
            number += 1
            log += _decided(log, stream, each, _Facts(f"c-{number}", course, now))
    return log


def undone(log: Log, command_id: str, course: Course, *, on: float = 30) -> Log:
    """The log, of one stream, with an undo of a command and of what stands on it (B7)."""
    [stream] = {of for of, _ in log}
    command = _undo(0, True).model_copy(update={"undoes": command_id})
    context = school.within(
        course,
        command_id=f"undo-{command_id}",
        recorded_at=school.day(on),
        history=[event for _, event in log],
        structures={course.version: course},
    )
    decision = decide(fold(NOTHING, context.history), command, context)
    assert isinstance(decision, Accepted), decision
    return [*log, *((stream, event) for event in decision.events)]


class _Facts(NamedTuple):
    command_id: str
    course: Course
    now: datetime


def _decided(log: Log, stream: Stream, command: Command, facts: _Facts) -> Log:
    history = [event for of, event in log if of == stream]
    meant = _meant(command, history).model_copy(update=stream._asdict())
    context = school.within(
        facts.course,
        command_id=facts.command_id,
        recorded_at=facts.now,
        history=history,
        structures={facts.course.version: facts.course},
    )
    decision = decide(fold(NOTHING, history), meant, context)
    if not isinstance(decision, Accepted):
        return []
    return [(stream, event) for event in decision.events]


def _meant(command: Command, history: list[Event]) -> Command:
    if not isinstance(command, UndoCommand) or not history:
        return command
    ids = list(dict.fromkeys(event.command_id for event in history))
    return command.model_copy(update={"undoes": ids[-min(int(command.undoes or 1), len(ids))]})
