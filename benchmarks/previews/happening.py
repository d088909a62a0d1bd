"""What an operation did, from the log, the views, Kafka, endpoints and e-mails: not its counts."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg

from benchmarks.previews import counting, school
from benchmarks.previews.counting import Counts
from benchmarks.previews.outside import Outside, Told
from contracts import topics
from services.domain.bulk import SKIPS

SEQUENCE = tuple(it.activity for it in school.first_aid())
SOURCES = {
    counting.DONE: "answers",
    counting.skipped("named_twice"): "the list",
    counting.EMAILS: "the mailer's folder",
    counting.WEBHOOKS: "the endpoints",
    counting.ZAPS: "the hook",
    counting.ON_WEBHOOKS: "Kafka",
    counting.ON_ZAPIER: "Kafka",
    counting.NOTICES: "Kafka",
    counting.LOCKED: "the log, the view",
}
_SQL = {
    it: Path(__file__).with_name(f"{it}.sql").read_text("utf-8")
    for it in ("answers", "events", "complete")
}


class Before(NamedTuple):
    """What was there before an operation: commands that were answered, and e-mails."""

    answered: frozenset[str]
    letters: int


class Event(NamedTuple):
    """An event of the log."""

    id: str
    kind: str
    data: Mapping[str, Any]


class Happened(NamedTuple):
    """All of it; events and notices too, in which reasons for differences are looked for."""

    counts: Counts
    events: Sequence[Event]
    notices: Sequence[Told]

    def number(self, kind: str, **fields: Any) -> int:
        """Of events of a kind with these fields."""
        return sum(it.kind == kind and fields.items() <= it.data.items() for it in self.events)


def source(what: str) -> str:
    """Where a count is read from."""
    begins = what.partition(",")[0]
    return SOURCES.get(what) or ("the log" if begins == "events" else "answers")


async def before(pool: asyncpg.Pool, heard: Outside) -> Before:
    """What there is."""
    answered = frozenset((await _answers(pool)).keys())
    return Before(answered, heard.letters())


async def happened(pool: asyncpg.Pool, heard: Outside, operation: str, was: Before) -> Happened:
    """What there is more, because of an operation; nothing may be under way."""
    events = [
        Event(it[0], it[1], json.loads(it[2])) for it in await pool.fetch(_SQL["events"], operation)
    ]
    answers = await _answers(pool)
    new = [answer for id_, answer in answers.items() if id_ not in was.answered]
    notices = heard.about(topics.NOTIFICATIONS, {it.id for it in events})
    counts = counting.rows_of(new, SKIPS)
    counts.update(counting.event(it.kind) for it in events)
    counts += Counter(
        {
            counting.LOCKED: await _locked(pool, events),
            counting.ON_WEBHOOKS: len(heard.of(topics.WEBHOOKS, operation)),
            counting.ON_ZAPIER: len(heard.of(topics.ZAPIER, operation)),
            counting.NOTICES: len(notices),
            counting.EMAILS: heard.letters() - was.letters,
            counting.WEBHOOKS: sum(len(heard.of(it, operation)) for it in ("/all", "/manual")),
            counting.ZAPS: len(heard.of("/zap", operation)),
        }
    )
    return Happened(counts, events, notices)


async def _answers(pool: asyncpg.Pool) -> dict[str, dict[str, Any]]:
    rows = await pool.fetch(_SQL["answers"], school.HARBOUR)
    return {id_: json.loads(result) for id_, result in rows}


async def _locked(pool: asyncpg.Pool, events: Sequence[Event]) -> int:
    """Activities that were completed while one before them is open."""
    rows = await pool.fetch(_SQL["complete"], school.HARBOUR, school.FIRST_AID)
    complete = {learner: set(activities) for learner, activities in rows}
    return sum(
        not complete.get(it.data["learner"], set()).issuperset(_those_before(it.data["activity"]))
        for it in events
        if it.kind == "activity_completed" and it.data["course"] == school.FIRST_AID
    )


def _those_before(activity: str) -> Sequence[str]:
    return SEQUENCE[: SEQUENCE.index(activity)]
