"""The rules once more, written another way: a list of accepted commands, and questions to it.

Nothing is kept but the list. Whether an activity is complete, what it scored, whether the course
is complete: each is worked out by looking through the commands again. Nothing of services.domain
is used. It is slow on purpose: it is what the real rules are held against.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from contracts.commands import (
    WHOLE_COURSE,
    Command,
    EnrollLearner,
    EvaluateCourse,
    ImportCompletion,
    MarkComplete,
    RecordActivity,
    ResetProgress,
    Submission,
    TimeSpent,
    UnenrollLearner,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from contracts.catalog import Activity, CompletionRules, CourseStructure
    from contracts.fields import Provenance

GRADED = ("form", "exam", "certificate")


class Entry(NamedTuple):
    """An accepted command, when it came, and the structure that was the latest then.

    ``opens`` is the attempt that a reset of the whole course opened.
    """

    command: Command
    recorded_at: datetime
    structure: CourseStructure
    published_at: datetime
    id: str = ""
    opens: int | None = None

    @property
    def at(self) -> datetime:
        return self.command.effective_at or self.recorded_at

    @property
    def has(self) -> dict[str, Activity]:
        return {activity.activity: activity for activity in self.structure.activities()}

    @property
    def required(self) -> list[str]:
        return [id_ for id_, activity in self.has.items() if activity.required]

    def completes(self, activity: str) -> bool:
        """An administrator's word that this activity is complete."""
        match self.command:
            case MarkComplete(activities=named):
                return activity in self.has and (named == WHOLE_COURSE or activity in named)
            case ImportCompletion(activity=one, whole_course=whole):
                return activity in self.has and (whole or activity == one)
            case _:
                return False

    def resets(self, activity: str) -> bool:
        match self.command:
            case ResetProgress(activities=named):
                return named == WHOLE_COURSE or activity in named
            case _:
                return False

    @property
    def resets_all(self) -> bool:
        return isinstance(self.command, ResetProgress) and self.command.activities == WHOLE_COURSE


class Done(NamedTuple):
    """A completion of an activity; `place` is that of its command in the list."""

    provenance: Provenance
    at: datetime
    place: int


class CourseDone(NamedTuple):
    """A completion of the course."""

    provenance: Provenance
    at: datetime
    cause: str
    email: bool
    place: int


class History:
    """The accepted commands of one learner in one course, the oldest first.

    ``asked``: attempts whose e-mail a command had asked for that was undone since (M5).
    """

    def __init__(
        self,
        before: History | None = None,
        *more: Entry,
        asked: frozenset[int] = frozenset(),
    ) -> None:
        self.before = before
        self.asked = asked
        self.entries: tuple[Entry, ...] = () if before is None else (*before.entries, *more)

    def then(self, entry: Entry) -> History:
        return History(self, entry, asked=self.asked)

    def enrolled(self) -> bool:
        both = [e for e in self.entries if isinstance(e.command, EnrollLearner | UnenrollLearner)]
        return bool(both) and isinstance(both[-1].command, EnrollLearner)

    def first_enrolled(self) -> datetime | None:
        return next((e.at for e in self.entries if isinstance(e.command, EnrollLearner)), None)

    def attempt(self) -> int:
        return next((it.opens for it in reversed(self.entries) if it.opens is not None), 1)

    def since_reset(self, activity: str) -> list[tuple[int, Entry]]:
        """The entries after the last that reset the activity, with their places."""
        places = [place for place, entry in enumerate(self.entries) if entry.resets(activity)]
        start = places[-1] + 1 if places else 0
        return list(enumerate(self.entries))[start:]

    @cache  # noqa: B019 - a history lives as long as its test
    def done(self, activity: str) -> Done | None:
        """The first entry since the reset that completed the activity."""
        span = self.since_reset(activity)
        for length, (place, entry) in enumerate(span, 1):
            if entry.completes(activity):
                manual = isinstance(entry.command, MarkComplete)
                return Done("manual" if manual else "imported", entry.at, place)
            if activity in entry.has and hold(
                entry.has[activity].rules, signals(activity, span[:length])
            ):
                match entry.command:
                    case RecordActivity(activity=seen) if seen == activity:
                        return Done("earned", entry.at, place)
                    case EnrollLearner() | EvaluateCourse():
                        return Done("earned", entry.published_at, place)
                    case _:
                        pass
        return None

    def score(self, activity: str) -> float | None:
        span, done = self.since_reset(activity), self.done(activity)
        if done is None or done.provenance == "earned":
            return best(signals(activity, span))
        entry = self.entries[done.place]
        graded = entry.has[activity].type in GRADED
        before = best(signals(activity, [each for each in span if each[0] < done.place]))
        if isinstance(entry.command, ImportCompletion):
            takes_it = graded or not entry.command.whole_course
            return entry.command.score if takes_it and entry.command.score is not None else before
        return 100 if graded else before

    def seconds(self, activity: str) -> int:
        return time_in(signals(activity, self.since_reset(activity)))

    def touched(self, activity: str) -> bool:
        """A completion, score, submission, visit or time since the last reset (R5)."""
        return bool(signals(activity, self.since_reset(activity)) or self.done(activity))

    @cache  # noqa: B019
    def course(self) -> CourseDone | None:
        """The completion of the course, as long as no reset has opened it again."""
        if self.before is None:
            return None
        entry, before, was = self.entries[-1], self.before, self.before.course()
        if isinstance(entry.command, ResetProgress):
            undone = [id_ for id_ in entry.required if entry.resets(id_) and before.done(id_)]
            return None if entry.resets_all or undone else was
        if was is not None or isinstance(entry.command, UnenrollLearner):
            return was
        completions = [done for id_ in entry.required if (done := self.done(id_))]
        if len(completions) < len(entry.required):
            return None
        last_moment = max(done.at for done in completions)
        last = [done for done in completions if done.at == last_moment][-1]
        nothing_was_open = all(before.done(id_) for id_ in entry.required)
        sends = getattr(entry.command, "send_completion_email", False) and not before.emails()
        tail = (sends, len(self.entries) - 1)
        match entry.command:
            case MarkComplete() if nothing_was_open:
                return CourseDone("manual", max(last.at, entry.at), "administrator", *tail)
            case ImportCompletion() if nothing_was_open:
                return CourseDone("imported", max(last.at, entry.at), "administrator", *tail)
            case MarkComplete():
                return CourseDone("manual", last.at, "activity", *tail)
            case ImportCompletion():
                return CourseDone("imported", last.at, "activity", *tail)
            case RecordActivity() if not nothing_was_open:
                return CourseDone("earned", last.at, "activity", *tail)
            case _:
                at = max(last.at, entry.published_at)
                return CourseDone(last.provenance, at, "structure_change", *tail)

    @cache  # noqa: B019
    def emails(self) -> int:
        """How many went out in this attempt (M5)."""
        if self.attempt() in self.asked:
            return 1
        if self.before is None or self.entries[-1].resets_all:
            return 0
        done = self.course()
        return self.before.emails() + (
            done is not None and done.email and done.place == len(self.entries) - 1
        )

    def average(self, structure: CourseStructure) -> float | None:
        scores = [self.score(activity.activity) for activity in structure.activities()]
        known = [score for score in scores if score is not None]
        return round(sum(known) / len(known), 2) if known else None

    def locked(self, structure: CourseStructure, activity: str, at: datetime) -> bool:
        order = [each.activity for each in structure.activities()]
        place = order.index(activity)
        match structure.access:
            case "free":
                return False
            case "sequential":
                return any(not self.done(id_) for id_ in order[:place])
            case "prerequisites":
                named = list(structure.activities())[place].prerequisites
                return any(not self.done(id_) for id_ in named)
            case "drip_feed":
                by_section = {s: [a.activity for a in s.activities] for s in structure.sections}
                it = next(section for section, ids in by_section.items() if activity in ids)
                since, days = self.first_enrolled(), it.opens_after_days
                too_soon = days is not None and (since is None or at < since + timedelta(days))
                return too_soon or (it.opens_at is not None and at < it.opens_at)


def signals(activity: str, entries: Sequence[tuple[int, Entry]]) -> list[RecordActivity]:
    commands = [entry.command for _, entry in entries]
    return [it for it in commands if isinstance(it, RecordActivity) and it.activity == activity]


def hold(rules: CompletionRules, seen: list[RecordActivity]) -> bool:
    """At least one rule is set, and none that is set is missed."""
    kinds = {each.signal.kind for each in seen}
    score = best(seen)
    missed = (
        (rules.visited and not kinds - {"time_spent"})
        or (rules.joined and "join" not in kinds)
        or (rules.claimed and "claim" not in kinds)
        or (rules.submitted and "submission" not in kinds)
        or (rules.passed is not None and (score is None or score < rules.passed))
        or (rules.min_time is not None and time_in(seen) < rules.min_time)
    )
    return rules != type(rules)() and not missed


def best(seen: list[RecordActivity]) -> float | None:
    scores = [each.signal.score for each in seen if isinstance(each.signal, Submission)]
    return max((score for score in scores if score is not None), default=None)


def time_in(seen: list[RecordActivity]) -> int:
    return sum(each.signal.seconds for each in seen if isinstance(each.signal, TimeSpent))
