"""What the plain model answers to a command: which code, or which events."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from contracts.commands import (
    WHOLE_COURSE,
    AdministratorCommand,
    Command,
    EnrollLearner,
    ImportCompletion,
    MarkComplete,
    RecordActivity,
    ResetProgress,
    UnenrollLearner,
)
from tests.support.plain_model import Entry, History, signals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts.fields import RoleLevel
    from contracts.results import Code

PLANS = ("starter", "pro_trainer", "learning_center", "high_volume_corporate")
NAMES = {"visit": "ActivityVisited", "join": "ActivityJoined", "claim": "ActivityClaimed"}


class Facts(NamedTuple):
    """What the directory and the catalog know when the command comes."""

    plan: str | None = "starter"
    level: RoleLevel | None = "admin"
    learner_known: bool = True
    course_known: bool = True


def refusals(history: History, entry: Entry, facts: Facts) -> Iterator[Code]:
    """Every reason to refuse the command, the one that is given first."""
    if entry.at - entry.recorded_at > timedelta(minutes=5):
        yield "invalid_command"
    yield from _who(entry.command, facts)
    if not facts.course_known:
        yield "unknown_course"
    if not history.enrolled() and not facts.learner_known:
        yield "unknown_learner"
    if history.enrolled() == isinstance(entry.command, EnrollLearner):
        yield "already_enrolled" if history.enrolled() else "not_enrolled"
    if isinstance(entry.command, AdministratorCommand):
        yield from _nothing_to_do(history, entry)
    elif isinstance(entry.command, RecordActivity):
        yield from _shut(history, entry, entry.command.activity)


def _shut(history: History, entry: Entry, activity: str) -> Iterator[Code]:
    if activity not in entry.has:
        yield "unknown_activity"
    elif history.locked(entry.structure, activity, entry.at):
        yield "activity_locked"


def _who(command: Command, facts: Facts) -> Iterator[Code]:
    if isinstance(command, AdministratorCommand):
        if facts.level != "admin":
            yield "not_permitted"
        if facts.plan not in PLANS:
            yield "feature_not_available"
    elif isinstance(command, EnrollLearner | UnenrollLearner) and command.actor is not None:
        themselves = command.actor == command.learner and facts.level is not None
        if facts.level != "admin" and not themselves:
            yield "not_permitted"


def _nothing_to_do(history: History, entry: Entry) -> Iterator[Code]:
    whole = named(entry) is None
    if isinstance(entry.command, ResetProgress) and whole:
        ever = {id_ for before in history.entries for id_ in before.has}
        if not history.course() and not any(history.touched(id_) for id_ in ever):
            yield "nothing_to_reset"
        return
    reasons = fates(history, entry)
    if None in reasons.values():
        return
    owed = not history.course() and all(history.done(id_) for id_ in entry.required)
    if whole and owed:
        return
    codes = [code for code in reasons.values() if code is not None]
    yield "unknown_activity" if "unknown_activity" in codes else codes[0]


def named(entry: Entry) -> tuple[str, ...] | None:
    """The activities that the command names; none: the whole course."""
    match entry.command:
        case ImportCompletion(activity=one):
            return None if one is None else (one,)
        case MarkComplete(activities=some) | ResetProgress(activities=some):
            return None if some == WHOLE_COURSE else some
        case RecordActivity(activity=one):
            return (one,)
        case _:
            return None


def fates(history: History, entry: Entry) -> dict[str, Code | None]:
    """Of each activity why it is left as it is; none: it is not."""
    return {id_: _fate(history, entry, id_) for id_ in named(entry) or entry.has}


def skipped(history: History, entry: Entry) -> dict[str, Code]:
    """What an accepted command named and left as it was."""
    if not isinstance(entry.command, MarkComplete | ResetProgress) or named(entry) is None:
        return {}
    return {id_: code for id_, code in fates(history, entry).items() if code is not None}


def _fate(history: History, entry: Entry, id_: str) -> Code | None:
    if isinstance(entry.command, ResetProgress):
        if history.touched(id_):
            return None
        return "nothing_to_reset" if id_ in entry.has else "unknown_activity"
    if id_ not in entry.has:
        return "unknown_activity"
    return "already_complete" if history.done(id_) else None


def events(history: History, after: History) -> list[tuple[str, str | None]]:
    """The events of the last command, by their names and activities, in order."""
    entry, place = after.entries[-1], len(history.entries)
    happened = _signal(history, entry)
    for id_ in named(entry) or entry.has:
        done = after.done(id_)
        if done is not None and done.place == place:
            happened.append(("ActivityCompleted", id_))
    course = after.course()
    if course is not None and course.place == place:
        happened.append(("CourseCompleted", None))
    return happened


def _signal(history: History, entry: Entry) -> list[tuple[str, str | None]]:
    match entry.command:
        case EnrollLearner():
            return [("LearnerEnrolled", None)]
        case UnenrollLearner():
            return [("LearnerUnenrolled", None)]
        case ResetProgress():
            return [("ProgressReset", None)]
        case RecordActivity(activity=id_, signal=signal):
            before = {it.signal.kind for it in signals(id_, history.since_reset(id_))}
            if signal.kind == "submission":
                return [("AssessmentSubmitted", id_)]
            if signal.kind == "time_spent":
                return [("TimeSpentRecorded", id_)]
            known = signal.kind in before or (signal.kind == "visit" and before - {"time_spent"})
            return [] if known else [(NAMES[signal.kind], id_)]
        case _:
            return []
