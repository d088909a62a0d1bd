"""Reports and insights. Where an answer says ``more``, ask for one course, or a shorter time."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from ...api.reports import (
    ActivityFunnelReport,
    Counted,
    CountReport,
    DaysReport,
    FunnelReport,
    LearnerTime,
    LearnerTimes,
    Scored,
    ScoreReport,
    StandingReport,
    TimeReport,
)
from ...fields import Provenance
from .call import Call, Page, get, pages


def time_report(
    *,
    by: Sequence[Literal["course", "activity", "month"]] = (),
    learner: str | None = None,
    course: str | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int | None = None,
) -> Call[TimeReport]:
    """All the time ever spent, whatever was reset since, of a learner or of all."""
    said = {"by": by, "learner": learner, "course": course}
    dates = {"since": since, "until": until, "limit": limit}
    return get("/v1/reports/time", TimeReport, query={**said, **dates})


def time_by_learner(
    *,
    course: str | None = None,
    since: date | None = None,
    until: date | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> Call[Page[LearnerTime]]:
    """The time that each learner ever spent, in order of their ids; ``after``: after this one."""
    return pages(
        *("/v1/reports/learners", LearnerTimes, lambda it: it.learners),
        query={
            "course": course,
            "since": since,
            "until": until,
            "cursor": after,
            "limit": limit,
        },
    )


def count_report(
    *,
    by: Sequence[Literal["day", "course", "provenance", "administrator"]] = (),
    kind: Sequence[Counted] = (),
    course: str | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int | None = None,
) -> Call[CountReport]:
    """Completions, enrolments, unenrolments and resets, by when they were achieved."""
    said = {"by": by, "kind": kind, "course": course}
    dates = {"since": since, "until": until, "limit": limit}
    return get("/v1/reports/counts", CountReport, query={**said, **dates})


def funnel(*, course: str | None = None, limit: int | None = None) -> Call[FunnelReport]:
    """Learners who ever enrolled, started, completed, by course; each once."""
    return get("/v1/insights/funnel", FunnelReport, query={"course": course, "limit": limit})


def activity_funnel(
    *, course: str | None = None, limit: int | None = None
) -> Call[ActivityFunnelReport]:
    """Learners who ever began and completed each activity; each once."""
    said = {"course": course, "limit": limit}
    return get("/v1/insights/activities", ActivityFunnelReport, query=said)


def scores(
    *,
    of: Scored | None = None,
    by: Sequence[Literal["course", "activity", "provenance"]] = (),
    provenance: Provenance | None = None,
    course: str | None = None,
    limit: int | None = None,
) -> Call[ScoreReport]:
    """How scores are distributed, in buckets of five points."""
    said = {"of": of, "by": by, "provenance": provenance, "course": course, "limit": limit}
    return get("/v1/insights/scores", ScoreReport, query=said)


def days(*, course: str | None = None, limit: int | None = None) -> Call[DaysReport]:
    """How many days attempts took that were completed, by course."""
    return get("/v1/insights/days", DaysReport, query={"course": course, "limit": limit})


def standing(*, course: str | None = None, limit: int | None = None) -> Call[StandingReport]:
    """Where learners stand now, by ten per cent of progress; a reset does change this."""
    return get("/v1/insights/standing", StandingReport, query={"course": course, "limit": limit})
