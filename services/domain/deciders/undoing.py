"""What an administrator, or an import, did to a record is taken back (B7).

An undo says how the record stands as if the undone events had not been: it folds the stream
without them. What stands on them refuses the undo, or is undone with them. What was sent stays
sent.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from contracts.commands import UndoCommand
from contracts.events import (
    ActivityCompleted,
    ActivityEvent,
    CompletionRevoked,
    CourseCompleted,
    EnrolmentRevoked,
    Event,
    LearnerEnrolled,
    LearnerUnenrolled,
    ProgressReset,
    ResetRevoked,
    RestoredActivity,
    RestoredCompletion,
    Revoked,
    UndoneEvent,
)
from contracts.registry import name_of
from services.domain.deciders.closing import close
from services.domain.deciders.earning import earned
from services.domain.decision import Accepted, Case, Decision, Refused
from services.domain.evolve import fold
from services.domain.state import NOTHING, ActivityState, Completion, Progress

_LISTED = 20
_UNDOABLE = (ActivityCompleted, CourseCompleted, ProgressReset, LearnerEnrolled)


class Placed(NamedTuple):
    """An event and its place in the stream, from 1."""

    version: int
    event: Event


def undo(case: Case, command: UndoCommand, history: Sequence[Event]) -> Decision:
    """Take it back; ``history``: all events of the stream, in order."""
    in_force = _in_force(history)
    undone = [it for it in in_force if _is_meant(it.event, command)]
    if not undone:
        return _nothing(command, history)
    refused = _not_undoable(undone)
    if refused is not None:
        return refused
    later = _standing_on(case, in_force, undone)
    if later and not command.include_later:
        return _refuse_later(command, later)
    gone = {it.version for it in (*undone, *later)}
    left = [it for it in in_force if it.version not in gone]
    taken = [it for it in in_force if it.version in gone]
    revoked = _revoked(case, taken, left)
    return Accepted((revoked, *_earned_since(case, revoked, taken, left)))


def in_force(history: Sequence[Event]) -> list[Event]:
    """The events that count: neither undone nor an undo."""
    return [it.event for it in _in_force(history)]


def _in_force(history: Sequence[Event]) -> list[Placed]:
    undone: set[int] = set()
    for event in history:
        if isinstance(event, Revoked):
            undone |= {it.version for it in event.undone}
    return [
        Placed(version, event)
        for version, event in enumerate(history, 1)
        if version not in undone and not isinstance(event, Revoked)
    ]


def _is_meant(event: Event, command: UndoCommand) -> bool:
    if command.undoes is not None:
        return event.command_id == command.undoes
    return event.batch_id == command.undoes_operation


def _nothing(command: UndoCommand, history: Sequence[Event]) -> Refused:
    what = command.undoes or f"the operation {command.undoes_operation}"
    where = f"the record of {command.learner} in {command.course}"
    meant = [it for it in history if _is_meant(it, command)]
    if meant and all(isinstance(it, Revoked) for it in meant):
        return Refused("not_undoable", f"{what} is an undo; send what it took back once more.")
    if meant:
        return Refused("already_undone", f"{what} is undone in {where} already.")
    return Refused("nothing_to_undo", f"{what} has left nothing in {where}; check its id.")


def _not_undoable(undone: Sequence[Placed]) -> Refused | None:
    """Only what an administrator or an import did can be taken back."""
    for _, event in undone:
        own = isinstance(event, ActivityCompleted | CourseCompleted) and (
            event.provenance == "earned"
        )
        caused = isinstance(event, CourseCompleted) and event.cause == "structure_change"
        if own or not isinstance(event, _UNDOABLE):
            return Refused(
                "not_undoable",
                f"A {name_of(event).split('.')[2]} is not undone: what learners did themselves, "
                "and an unenrolment, stay; reset the activity, or enrol the learner again.",
            )
        if caused and len(undone) == 1:
            return Refused(
                "not_undoable",
                "A change of the course's structure completed the course; reset it instead.",
            )
    return None


def _standing_on(case: Case, events: Sequence[Placed], undone: Sequence[Placed]) -> list[Placed]:
    """What stands on the undone events, on what stands on them, and so on, in order."""
    gone = {it.version: it for it in undone}
    after = [it for it in events if it.version > undone[0].version]
    while True:
        more = [
            it
            for it in after
            if it.version not in gone
            and any(
                _stands_on(case, it, base) for base in gone.values() if base.version < it.version
            )
        ]
        if not more:
            first = {it.version for it in undone}
            return [gone[version] for version in sorted(gone) if version not in first]
        gone |= {it.version: it for it in more}


def _stands_on(case: Case, later: Placed, base: Placed) -> bool:
    event = later.event
    match base.event:
        case ActivityCompleted(activity=activity):
            return _covers(event, activity) or (
                isinstance(event, CourseCompleted)
                and event.attempt == base.event.attempt
                and activity in case.course.required_ids
            )
        case CourseCompleted():
            return isinstance(event, ProgressReset) and (
                event.activities is None or event.reopens_course
            )
        case ProgressReset(activities=None):
            return not isinstance(event, LearnerEnrolled | LearnerUnenrolled)
        case ProgressReset(activities=tuple() as activities):
            of_these = isinstance(event, ActivityEvent) and event.activity in activities
            resets = isinstance(event, ProgressReset) and (
                event.activities is None or not set(activities).isdisjoint(event.activities)
            )
            return of_these or resets or isinstance(event, CourseCompleted)
        case ActivityEvent(activity=activity):
            return _covers(event, activity) or (
                isinstance(event, ActivityCompleted) and event.activity == activity
            )
        case _:  # an enrolment: everything after it
            return True


def _covers(event: Event, activity: str) -> bool:
    return isinstance(event, ProgressReset) and (
        event.activities is None or activity in event.activities
    )


def _refuse_later(command: UndoCommand, later: Sequence[Placed]) -> Refused:
    commands = list(dict.fromkeys(it.event.command_id for it in later))
    return Refused(
        "later_events",
        f"{len(later):,} later event{'s' * (len(later) > 1)} of {command.learner} in "
        f"{command.course} stand on it; undo those first, or set include_later to undo them too.",
        {
            "events": [
                {"version": it.version, "type": name_of(it.event)} for it in later[:_LISTED]
            ],
            "commands": commands[:_LISTED],
            "count": len(later),
        },
    )


def _revoked(
    case: Case, taken: Sequence[Placed], left: Sequence[Placed]
) -> CompletionRevoked | ResetRevoked | EnrolmentRevoked:
    after = fold(NOTHING, [it.event for it in left])
    fields: dict[str, Any] = {
        **case.common,
        "attempt": after.attempt,
        "undoes": tuple(dict.fromkeys(it.event.command_id for it in taken)),
        "undone": tuple(map(_undone, taken)),
        "activities": tuple(_changed(case.state, after)),
        "completion": _completion(after.completion),
        "enrolled": after.enrolled,
        "enrolled_at": after.enrolled_at,
        "emailed": after.emailed or (case.state.emailed and case.state.attempt == after.attempt),
        "completions": sum(isinstance(it.event, CourseCompleted) for it in left),
        "enrolments": sum(isinstance(it.event, LearnerEnrolled) for it in left),
    }
    return _kind(taken)(**fields)


def _kind(
    taken: Iterable[Placed],
) -> type[CompletionRevoked] | type[ResetRevoked] | type[EnrolmentRevoked]:
    """By what was asked to be undone first: a reset, a completion, or an enrolment."""
    first = next(iter(taken)).event
    if isinstance(first, ProgressReset):
        return ResetRevoked
    return EnrolmentRevoked if isinstance(first, LearnerEnrolled) else CompletionRevoked


def _undone(placed: Placed) -> UndoneEvent:
    version, event = placed
    score = event.average_score if isinstance(event, CourseCompleted) else None
    return UndoneEvent(
        version=version,
        type=name_of(event),
        activity=event.activity if isinstance(event, ActivityEvent) else None,
        attempt=event.attempt,
        score=getattr(event, "score", score),
        provenance=getattr(event, "provenance", None),
        effective_at=event.effective_at,
    )


def _changed(before: Progress, after: Progress) -> Iterator[RestoredActivity]:
    """The activities that the undo changes, in order of their ids."""
    for activity in sorted({*before.activities, *after.activities}):
        state = after.activities.get(activity)
        if before.activities.get(activity) != state:
            yield _restored(activity, state)


def _restored(activity: str, state: ActivityState | None) -> RestoredActivity:
    if state is None:
        return RestoredActivity(activity=activity, recorded=False)
    return RestoredActivity(
        activity=activity,
        recorded=True,
        **state._asdict() | {"completion": _completion(state.completion)},
    )


def _completion(completion: Completion | None) -> RestoredCompletion | None:
    return None if completion is None else RestoredCompletion(**completion._asdict())


def _earned_since(
    case: Case, revoked: Event, taken: Sequence[Placed], left: Sequence[Placed]
) -> tuple[Event, ...]:
    """What the learner has earned meanwhile, and the administrator's word had hidden."""
    after = fold(case.state, (revoked,))
    since = Case(after, case.command, case.context, case.course)
    activities = dict.fromkeys(
        it.event.activity for it in taken if isinstance(it.event, ActivityCompleted)
    )
    events: list[Event] = []
    for activity in activities:
        known = case.course.activities.get(activity)
        own = [it.event for it in left if _is_of(it.event, activity, after.attempt)]
        if known is not None and own:
            events += earned(since, known, after, max(it.effective_at for it in own))
    return close(since, events) if events else ()


def _is_of(event: Event, activity: str, attempt: int) -> bool:
    return (
        isinstance(event, ActivityEvent) and event.activity == activity and event.attempt == attempt
    )
