"""States as rows and as additions to totals, and rows as states."""

from collections.abc import Iterator, Mapping, Sequence

from contracts.topics import Stream
from projections.definition import Change, Row, Write
from projections.insights.state import NOTHING, UNTOUCHED, Firsts, Insight
from projections.insights.tables import (
    ACTIVITY_FUNNEL,
    DAYS,
    FUNNEL,
    SCORES,
    ActivityRow,
    LearnerRow,
)


def writes(changes: Sequence[Change[Insight]]) -> list[Write]:
    """What makes rows and totals show the states; parts without rows are left out."""
    parts = [
        Write("put_learners", [(*it.stream, *it.after[:4]) for it in changes]),
        Write("put_activities", [row for it in changes for row in _activities(it)]),
        Write(FUNNEL.add, [row for it in changes for row in _funnel_more(it)]),
        Write(ACTIVITY_FUNNEL.add, [row for it in changes for row in _activity_more(it)]),
        Write(SCORES.add, [row for it in changes for row in _scores_more(it)]),
        Write(DAYS.add, [row for it in changes for row in _days_more(it)]),
    ]
    return [part for part in parts if part.rows]


def restore(rows: Mapping[str, Sequence[Row]]) -> dict[Stream, Insight]:
    """The states that the rows of ``learners`` and ``activities`` stand for."""
    activities: dict[Stream, dict[str, Firsts]] = {}
    for activity in map(ActivityRow._make, rows["activities"]):
        stream = Stream(activity.school, activity.learner, activity.course)
        activities.setdefault(stream, {})[activity.activity] = Firsts(*activity[4:])
    states = {}
    for row in map(LearnerRow._make, rows["learners"]):
        stream = Stream(row.school, row.learner, row.course)
        states[stream] = Insight(*row[3:], activities.get(stream, {}))
    return states


def _activities(change: Change[Insight]) -> Iterator[Row]:
    """Those that are new, started or complete for the first time, or not any more."""
    before, after = _both(change)
    for activity, firsts in after.activities.items():
        if before.activities.get(activity) != firsts:
            yield (*change.stream, activity, *firsts)


def _funnel_more(change: Change[Insight]) -> Iterator[Row]:
    before, after = _both(change)
    school, _, course = change.stream
    more = (
        after.enrolled - before.enrolled,
        after.started - before.started,
        after.completed - before.completed,
    )
    if any(more):
        yield school, course, *more


def _activity_more(change: Change[Insight]) -> Iterator[Row]:
    before, after = _both(change)
    school, _, course = change.stream
    for activity, now in after.activities.items():
        then = before.activities.get(activity, UNTOUCHED)
        more = (
            now.started - then.started,
            (now.completed is not None) - (then.completed is not None),
        )
        if any(more):
            yield school, course, activity, *more


def _scores_more(change: Change[Insight]) -> Iterator[Row]:
    school, _, course = change.stream
    for score in change.after.scores:
        yield school, course, *score


def _days_more(change: Change[Insight]) -> Iterator[Row]:
    school, _, course = change.stream
    for days in change.after.days:
        yield school, course, *days


def _both(change: Change[Insight]) -> tuple[Insight, Insight]:
    return change.before or NOTHING, change.after
