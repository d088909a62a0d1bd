"""What is read back of many learners: an operation's rows, where learners stand, a checked file."""

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import orjson

from contracts.operations import OperationReported
from services.cli.demo.school import RIVERSIDE
from services.cli.demo.script import Ask, File, Renew
from services.cli.demo.seen import Watched
from services.domain.schedules import Recertify, Schedule
from services.imports.checking import check
from services.imports.entries import Choices
from services.imports.ledger import Ledger
from services.imports.opening import table
from services.imports.parts import Parts
from services.imports.problems import Problem
from services.operations import reading
from services.runtime.clock import now
from services.store import schedules
from services.store.log import EventLog
from services.views.insights import InsightsView

MOMENT = timedelta(seconds=2)
"""A slot lies on a whole second after now."""


class CheckedFile(NamedTuple):
    """A file's problems, and its other lines as commands."""

    problems: Sequence[Problem]
    asks: Sequence[Ask]


async def watched_of(
    log: EventLog, report: OperationReported, before: Sequence[OperationReported]
) -> Watched:
    """The operation with its rows that have a code."""
    place = log.pool, report.school, report.operation
    rows = [row async for row in reading.rows(*place) if row.code is not None]
    effects = await reading.effects(*place) if report.dry_run else None
    return Watched(report, before, rows, effects)


async def standing(log: EventLog, course: str) -> Mapping[str, int]:
    """Learners of a course by status."""
    counts: Counter[str] = Counter()
    for line in await InsightsView(log.pool).standing(RIVERSIDE, course):
        counts[line.status] += line.learners
    return counts


async def renewing(log: EventLog, step: Renew) -> Schedule:
    """Keep the schedule; its first slot is in a moment."""
    at = now()
    schedule = Schedule(
        school=RIVERSIDE,
        schedule=step.schedule,
        task=Recertify(course=step.course, months=step.months),
        starts_at=(at + MOMENT).replace(tzinfo=None),
        rule="FREQ=DAILY",
        actor=step.actor,
        note=step.note,
    )
    await schedules.put(log.pool, schedule, at)
    return schedule


async def checked_file(log: EventLog, step: File) -> CheckedFile:
    """Checked as ``coursemark import`` checks it; nothing is touched."""
    choices = Choices(school=RIVERSIDE, now=now(), zone=ZoneInfo("UTC"))
    with Ledger() as ledger:
        with table(io.BytesIO(step.text.encode())) as found:
            await check(log, found, choices, ledger)
        template = {
            "school": RIVERSIDE,
            "operation": step.operation,
            "actor": step.actor,
            "source": "import",
            "enroll": False,
            "send_completion_email": False,
        }
        parts = Parts(ledger, template)
        asks = [
            Ask(name, "bulk_import", orjson.loads(part.to_json()), id=name)
            for part in parts
            for name in [f"{step.operation}-{part.part}"]
        ]
        return CheckedFile(list(ledger.problems()), asks)
