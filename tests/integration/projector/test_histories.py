"""Property: whatever happened, and however it was cut into batches, the view is the fold.

What is expected is worked out here from the drafts alone, with sums and dictionaries, but for
the state of the current attempt, which is the rules' own.
"""

from __future__ import annotations

from collections import Counter
from itertools import count
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.events import ActivityCompleted, ProgressReset, TimeSpentRecorded
from contracts.topics import Stream
from services.domain.course import Course
from services.domain.evolve import fold
from services.domain.history import in_force
from services.domain.state import NOTHING
from services.domain.summary import summarise
from services.projector.follower import Limits
from services.projector.runtime import Projector
from services.views.progress import ProgressView
from tests.support.appended import Appender
from tests.support.decided import Log, logs
from tests.support.happened import (
    activities_reset,
    claimed,
    course_completed,
    course_reset,
    earned,
    enrolled,
    imported,
    joined,
    marked,
    spent,
    submitted,
    unenrolled,
    visited,
)
from tests.support.school import activity, course

if TYPE_CHECKING:
    from contracts.events import Event
    from services.domain.state import Progress
    from services.store.log import EventLog
    from tests.support.happened import Draft

IDS = ("a", "b", "c", "d")
_numbers = count()


def scores() -> st.SearchStrategy[float]:
    return st.integers(0, 1000).map(lambda tenths: tenths / 10)


def drafts() -> st.SearchStrategy[Draft]:
    ids = st.sampled_from(IDS)
    return st.one_of(
        st.just(enrolled()),
        st.just(unenrolled()),
        st.builds(visited, ids),
        st.builds(joined, ids),
        st.builds(claimed, ids),
        st.builds(spent, ids, st.integers(1, 500)),
        st.builds(submitted, ids, st.none() | scores()),
        st.builds(earned, ids, score=st.none() | scores(), on=st.integers(0, 9)),
        st.builds(marked, ids, score=st.none() | scores()),
        st.builds(imported, ids, score=st.none() | scores()),
        st.builds(course_completed, st.sampled_from(["earned", "manual"]), email=st.booleans()),
        st.builds(activities_reset, ids, reopens=st.booleans()),
        st.builds(course_reset, st.just(0), reopens=st.booleans()),
    )


def structures() -> st.SearchStrategy[Course]:
    some = st.lists(st.sampled_from(IDS), min_size=1, unique=True)
    return some.map(lambda ids: course(*(activity(id_) for id_ in ids)))


histories = st.lists(
    st.lists(drafts() | structures(), min_size=1, max_size=6), min_size=1, max_size=6
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=histories)
async def test_b10_the_view_is_the_fold_of_the_log(
    log: EventLog, history: list[list[Draft | Course]]
) -> None:
    """A projector that restarts after each batch, one that never does, and a rebuild."""
    stream = Stream("riverside", "u-1", f"course-{next(_numbers)}")
    appender, never_restarts = Appender(log), Projector(log)
    events: list[Event] = []
    latest: Course | None = None
    for batch in history:
        for step in batch:
            if isinstance(step, Course):
                latest = step
                await appender.published(step, stream.school, stream.course)
            else:
                events += await appended(appender, step, stream, events)
        await Projector(log, limits=Limits(events=3)).catch_up("progress")
        await never_restarts.catch_up("events_log")
        assert await found(log, stream) == expected(events, latest)
    assert (await Projector(log).check("progress")).differing == 0
    assert (await Projector(log).check("events_log")).differing == 0


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(happened=logs(), size=st.integers(1, 9))
async def test_b7_b10_after_an_undo_the_view_is_the_fold_of_what_is_left(
    log: EventLog, happened: Log, size: int
) -> None:
    """Rows of attempts that an undone reset had closed are gone, and certificates that were undone.

    The check finds no fault.
    """
    school, appender = f"school-{next(_numbers)}", Appender(log)
    for start in range(0, len(happened), size):
        await appender.append(
            [
                (str(of._replace(school=school)), event.model_copy(update={"school": school}))
                for of, event in happened[start : start + size]
            ]
        )
        for view in ("progress", "certificates"):
            await Projector(log, limits=Limits(events=3)).catch_up(view)
    for stream in {of for of, _ in happened}:
        events = [event for of, event in happened if of == stream]
        own = stream._replace(school=school)
        assert await found(log, own) == expected(events, None)
        assert await awarded(log, own) == awards(events)
    for view in ("progress", "certificates"):
        assert (await Projector(log).check(view)).differing == 0


async def appended(
    appender: Appender, draft: Draft, stream: Stream, before: list[Event]
) -> list[Event]:
    if "opens_attempt" in draft.fields:
        opens = fold(NOTHING, before).attempt + 1
        draft = draft._replace(fields=draft.fields | {"opens_attempt": opens})
    events = appender.events(draft, to=stream)
    await appender.append([(str(stream), event) for event in events])
    return events


def awards(events: list[Event]) -> list[int]:
    """Versions of completions of certificates that count."""
    return [
        version
        for version, event in in_force(events)
        if isinstance(event, ActivityCompleted) and event.activity_type == "certificate"
    ]


async def awarded(log: EventLog, stream: Stream) -> list[int]:
    sql = "select version from certificates.awards where (school, learner, course) = ($1, $2, $3)"
    return sorted(row["version"] for row in await log.pool.fetch(sql, *stream))


def expected(events: list[Event], latest: Course | None) -> dict[str, Any] | None:
    if not events:
        return None
    state = fold(NOTHING, events)
    ever = Counter[str]()
    for event in events:
        if isinstance(event, TimeSpentRecorded):
            ever[event.activity] += event.seconds
    whole = [
        version - 1
        for version, event in in_force(events)
        if isinstance(event, ProgressReset) and event.activities is None
    ]
    return {
        "version": len(events),
        "ever": sum(ever.values()),
        "activities": {
            id_: (id_ in state.activities, *_activity(state, id_), ever[id_])
            for id_ in sorted({*state.activities, *ever})
        },
        "completed": state.completion and (*state.completion, state.completion.manually),
        "attempts": [_closed(fold(NOTHING, events[:place])) for place in whole],
        "summary": _figures(state, latest),
    }


def _activity(state: Progress, id_: str) -> tuple[Any, ...]:
    known = state.of(id_)
    return (*known[:-1], *(known.completion or (None, None)))


def _closed(state: Progress) -> tuple[Any, ...]:
    kept = {id_: (it.score, it.time_spent) for id_, it in state.activities.items()}
    return state.attempt, state.completion, kept


def _figures(state: Progress, latest: Course | None) -> tuple[Any, ...] | None:
    if latest is None:
        return None
    summary = summarise(state, latest)
    return summary.status, summary.progress_rate, summary.average_score, summary.time_spent


async def found(log: EventLog, stream: Stream) -> dict[str, Any] | None:
    view = ProgressView(log.pool)
    rows = [it for it in await view.course_rows(*stream[:2]) if it.course == stream.course]
    if not rows:
        return None
    [row] = rows
    completed = row.provenance and (row.provenance, row.completed_at, row.manually_completed)
    attempts = []
    for it in await view.attempts(*stream):
        kept = await view.attempt_activities(*stream, it.attempt)
        activities = {each.activity: (each.score, each.time_spent) for each in kept}
        done = None if it.provenance is None else (it.provenance, it.completed_at)
        attempts.append((it.attempt, done, activities))
    return {
        "version": row.version,
        "ever": row.time_spent_ever,
        "activities": {
            it.activity: (
                it.recorded,
                it.visited,
                it.joined,
                it.claimed,
                it.submitted,
                it.score,
                it.time_spent,
                it.provenance,
                it.completed_at,
                it.time_spent_ever,
            )
            for it in await view.activity_rows(*stream)
        },
        "completed": completed,
        "attempts": attempts,
        "summary": (row.status, row.progress_rate, row.average_score, row.time_spent)
        if row.structure_version
        else None,
    }
