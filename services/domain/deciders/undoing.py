"""What a command, or an operation, did to a record is taken back (B7).

The record stands then as if the undone events had not been: it is folded anew without them.
What stands on them refuses the undo, or is undone with them. What was sent stays sent.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from contracts.catalog import Activity
from contracts.commands import UndoCommand
from contracts.events import (
    ActivityCompleted,
    ActivityEvent,
    CourseCompleted,
    Event,
    LearnerEnrolled,
    LearnerUnenrolled,
    ProgressReset,
    Revoked,
)
from contracts.topics import Stream, event_id
from services.domain.completion import rules_hold
from services.domain.course import Course
from services.domain.deciders.closing import close
from services.domain.deciders.earning import earned
from services.domain.deciders.revoking import Undo, kind_of, revoked
from services.domain.deciders.standing import standing_on
from services.domain.decision import Accepted, Case, Decision, Refused
from services.domain.evolve import evolve
from services.domain.history import Placed, in_force
from services.domain.state import NOTHING

LISTED = 20
"""Commands and events that a refusal names."""
MOST = 2_000
"""Events that one undo takes back: one event has to hold them all, and fit into a message."""


def undo(case: Case, command: UndoCommand) -> Decision:
    """Take it back; the context's history is all of the record's stream."""
    events = in_force(case.context.history)
    asked = [it for it in events if _is_meant(it.event, command)]
    refused = _undo_of_undo(case, command) or _nothing(case, command, asked) or _not_undoable(asked)
    if refused is not None:
        return refused
    named = {it.version for it in asked}
    later = standing_on(named, events, case.context.structures)
    if later and not command.include_later:
        return _stood_on(command, later)
    gone = named | {it.version for it in later}
    if len(gone) > MOST:
        return _too_much(len(gone))
    taken = [it for it in events if it.version in gone]
    left = [it for it in events if it.version not in gone]
    event = revoked(case, kind_of(asked), taken, left)
    return Accepted((event, *_since(case, event, taken, left)))


def _is_meant(event: Event, command: UndoCommand) -> bool:
    if command.undoes is not None:
        return event.command_id == command.undoes
    return event.batch_id == command.undoes_operation


def _what(command: UndoCommand) -> str:
    return command.undoes or f"the operation {command.undoes_operation}"


def _undo_of_undo(case: Case, command: UndoCommand) -> Refused | None:
    for event in case.context.history:
        if isinstance(event, Revoked) and _is_meant(event, command):
            return Refused(
                "not_undoable",
                f"{_what(command)} is an undo; send what it took back once more as a command of "
                "its own.",
            )
    return None


def _nothing(case: Case, command: UndoCommand, asked: Sequence[Placed]) -> Refused | None:
    if asked:
        return None
    where = f"{command.learner} in {command.course}"
    history = case.context.history
    undos = [
        event.command_id
        for event in history
        if isinstance(event, Revoked)
        and any(_is_meant(history[it.version - 1], command) for it in event.undone)
    ]
    if undos:
        return Refused(
            "already_undone",
            f"{_what(command)} is undone already for {where}; nothing is to be done.",
            {"undone_by": undos[-1]},
        )
    return Refused(
        "nothing_to_undo",
        f"{_what(command)} left nothing on the record of {where}; check the ids.",
    )


def _not_undoable(asked: Sequence[Placed]) -> Refused | None:
    """Only what an administrator, an import or an enrolment did can be taken back."""
    enrolled = {it.event.command_id for it in asked if isinstance(it.event, LearnerEnrolled)}
    for _, event in asked:
        instead = _instead(event)
        if instead is not None and event.command_id not in enrolled:
            return Refused("not_undoable", instead, {"command": event.command_id})
    return None


def _instead(event: Event) -> str | None:
    """What to do where the event's command cannot be undone; none where it can."""
    match event:
        case LearnerEnrolled() | ProgressReset():
            return None
        case LearnerUnenrolled():
            return "An unenrolment is not undone; enrol the learner again, the record was kept."
        case CourseCompleted(cause="structure_change"):
            return (
                "The course was completed by a change of its structure, which is not undone; "
                "reset the course, or publish another structure."
            )
        case ActivityCompleted() | CourseCompleted() if event.provenance in {"manual", "imported"}:
            return None
        case _:
            return (
                "It was the learner's own activity, or earned by it, which is not undone; "
                "reset the activity if it must count no more."
            )


def _stood_on(command: UndoCommand, later: Sequence[Placed]) -> Refused:
    stream = str(Stream(command.school, command.learner, command.course))
    commands = list(dict.fromkeys(it.event.command_id for it in later))
    one = len(later) == 1
    return Refused(
        "later_events",
        f"{len(later):,} later event{' stands' if one else 's stand'} on what {_what(command)} "
        f"did; undo {'that' if one else 'those'} first, or set include_later to undo "
        f"{'it' if one else 'them'} too.",
        {
            "count": len(later),
            "commands": commands[:LISTED],
            "events": [event_id(stream, it.version) for it in later[:LISTED]],
        },
    )


def _too_much(count: int) -> Refused:
    return Refused(
        "not_undoable",
        f"{count:,} events would be undone, more than the {MOST:,} that one undo may take back; "
        "reset the course instead.",
        {"count": count},
    )


def _since(
    case: Case, event: Undo, taken: Sequence[Placed], left: Sequence[Placed]
) -> tuple[Event, ...]:
    """What came of later events as soon as the undone ones are not in their way.

    What the learner earned behind a completion that is gone would have counted (L1); and where
    the last required activity was completed after a reset that is gone, so was the course (M12).
    """
    since = Case(evolve(case.state, event), case.command, case.context, case.course)
    if not since.state.enrolled:
        return ()
    events: list[Event] = []
    for id_ in _opened(taken):
        activity = case.course.activities.get(id_)
        if activity is not None and rules_hold(activity.rules, since.state.of(id_)):
            events += earned(since, activity, since.state, _achieved(case.course, activity, left))
    later = [it.event for it in left if it.version > taken[0].version]
    closes = any(
        isinstance(it, ActivityCompleted) and it.activity in case.course.required_ids
        for it in (*later, *events)
    )
    return close(since, events) if closes else tuple(events)


def _opened(taken: Iterable[Placed]) -> Iterable[str]:
    """The activities whose completions are taken back, each once, in order."""
    return dict.fromkeys(
        it.event.activity for it in taken if isinstance(it.event, ActivityCompleted)
    )


def _achieved(course: Course, activity: Activity, left: Iterable[Placed]) -> datetime:
    """When the latest rules held first: with a signal, or when they were made so easy."""
    state, achieved = NOTHING, course.published_at
    held = False
    for _, event in left:
        if not isinstance(event, ActivityEvent | ProgressReset):
            continue
        if isinstance(event, ActivityEvent) and event.activity != activity.activity:
            continue
        state = evolve(state, event)
        holds = rules_hold(activity.rules, state.of(activity.activity))
        if holds and not held:
            known = event.recorded_at >= course.published_at
            achieved = event.effective_at if known else course.published_at
        held = holds
    return achieved
