"""What happened lately, as Zapier gets it from a hook: the same fields under the same ids."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import asyncpg
import orjson

from contracts import topics
from contracts.events import (
    ActivityCompleted,
    CourseCompleted,
    LearnerEnrolled,
    LearnerUnenrolled,
    LearningProgramCompleted,
    ProgressReset,
    RecertificationAnnounced,
)
from contracts.registry import name_of
from contracts.webhooks import Trigger, Zap
from services.domain.happenings import Happening, happenings
from services.http.problems import NOT_BUILT, not_built
from services.publisher.fanout import forms
from services.publisher.fanout.titles import LIMIT, UNTITLED, stream_of, titles_of
from services.store.latest import Latest
from services.store.log import EventLog
from services.store.mapper import decode
from services.store.people import people
from services.store.records import Position
from services.views.events_log import END
from services.zapier.sql import query

TYPES: dict[Trigger, str] = {
    "course_completed": name_of(CourseCompleted),
    "activity_completed": name_of(ActivityCompleted),
    "certificate_awarded": name_of(ActivityCompleted),
    "enrolled": name_of(LearnerEnrolled),
    "unenrolled_from_product": name_of(LearnerUnenrolled),
    "progress_reset": name_of(ProgressReset),
    "learning_program_completed": name_of(LearningProgramCompleted),
    "recertification_due": name_of(RecertificationAnnounced),
}
"""The triggers that a Zap can have, with the type of event that leads to each."""
LOOKED_AT = 20_000
"""The newest entries of a school in which happenings are looked for."""
_PAGE = 500
_SAMPLE = Zap(
    id="msg_00000000000000000000000000000000",
    event_id="sample@1",
    trigger="course_completed",
    school_id="sample",
    occurred_at=datetime(2024, 5, 31, 9, 30, tzinfo=UTC),
    user_id="u-1204",
    user_email="ada@example.org",
    user_name="Ada Byron",
    course_id="biology-1",
    course_title="Biology I",
    attempt=1,
)
_COMPLETED: dict[str, Any] = {
    "score": 87.5,
    "manually_completed": True,
    "provenance": "manual",
    "completed_at": datetime(2024, 5, 31, 9, 30, tzinfo=UTC),
}
_ACTIVITY = {"activity_id": "quiz-1", "activity_title": "Cells", "activity_type": "exam"}
_MADE_UP: dict[Trigger, dict[str, Any]] = {
    "course_completed": _COMPLETED,
    "activity_completed": _COMPLETED | _ACTIVITY,
    "certificate_awarded": _COMPLETED | _ACTIVITY | {"activity_type": "certificate"},
    "learning_program_completed": {
        **_COMPLETED,
        "score": None,
        "program_id": "life-sciences",
        "program_title": "Life sciences",
        "course_id": None,
        "course_title": None,
        "attempt": None,
    },
    "recertification_due": {"due_at": datetime(2025, 5, 31, 9, 30, tzinfo=UTC)},
}


class Page(NamedTuple):
    """Zaps, the newest first; ``before`` is where the next page begins, none after the last."""

    zaps: list[dict[str, Any]]
    before: Position | None


class Recent:
    """Reads the events log; names are those of the moment."""

    def __init__(self, log: EventLog) -> None:
        self._pool = log.pool
        self._titles = Latest(log, titles_of, LIMIT)

    async def page(self, school: str, trigger: Trigger, limit: int, before: Position = END) -> Page:
        """The newest before a position."""
        found: list[tuple[Happening, Position]] = []
        async for happening, position in self._happenings(school, trigger, before):
            found.append((happening, position))
            if len(found) == limit:
                break
        zaps = await self._zaps(school, [it for it, _ in found])
        return Page(zaps, found[-1][1] if len(found) == limit else None)

    async def _happenings(
        self, school: str, trigger: Trigger, before: Position
    ) -> AsyncIterator[tuple[Happening, Position]]:
        """The newest first, a bounded number of events looked at."""
        for _ in range(LOOKED_AT // _PAGE):
            rows = await self._rows(school, trigger, before)
            for row in rows:
                before = Position(row[4], row[5])
                event_id = topics.event_id(row[0], row[1])
                for it in happenings(decode(row[2], row[3]), event_id):
                    if it.trigger == trigger:
                        yield it, before
            if len(rows) < _PAGE:
                return

    async def _rows(self, school: str, trigger: Trigger, before: Position) -> list[asyncpg.Record]:
        wanted = school, TYPES[trigger], *before, _PAGE, LOOKED_AT
        try:
            rows: list[asyncpg.Record] = await self._pool.fetch(query("recent"), *wanted)
        except NOT_BUILT:
            raise not_built("The events log") from None
        return rows

    async def _zaps(self, school: str, found: list[Happening]) -> list[dict[str, Any]]:
        await self._titles.refresh({stream_of(it) for it in found})
        known = await people(self._pool, school, {it.learner for it in found})
        zaps: list[dict[str, Any]] = []
        for it in found:
            zap = forms.zap(it, self._titles.latest(stream_of(it)) or UNTITLED)
            person = known.get(it.learner)
            if person is not None:
                names = {"user_name": person.name, "user_email": person.email}
                zap = zap.model_copy(update=names)
            zaps.append(orjson.loads(zap.to_json()))
        return zaps


def made_up(school: str, trigger: Trigger) -> dict[str, Any]:
    """A Zap of that trigger about nobody."""
    told = {"trigger": trigger, "school_id": school} | _MADE_UP.get(trigger, {})
    zap: dict[str, Any] = orjson.loads(_SAMPLE.model_copy(update=told).to_json())
    return zap
