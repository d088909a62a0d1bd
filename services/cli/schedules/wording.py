"""A schedule in words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.cli.many.request import Request, Verb, doing
from services.cli.stack.schedules.port import Many
from services.domain.schedules import Enrol, Found, Mark, Recertify, Reset, Schedule, Tagged

LATE = timedelta(minutes=1)
"""Where a slot has waited for longer, somebody should look."""


def does(schedule: Schedule) -> str:
    """``Reset the whole course biology-1 for everyone of riverside with the tag nurse``."""
    school, task = schedule.school, schedule.task
    if isinstance(task, Recertify):
        old = "a month" if task.months == 1 else f"{task.months} months"
        return (
            f"Reset the whole course {task.course} for everyone of {school} whose completion of "
            f"it is {old} old or older"
        )
    return doing(
        Request(_verb(task), task.model_dump()), f"everyone of {school} {_whom(task.whom)}"
    )


def warns(schedule: Schedule) -> str | None:
    """Whether learners are warned."""
    days = schedule.task.warn_days if isinstance(schedule.task, Recertify) else None
    if days is None:
        return None
    return f"Each of them is warned {days} day{'' if days == 1 else 's'} before."


def comes(schedule: Schedule) -> str:
    """``from 2027-01-01 02:00 on (Europe/Athens), by the rule FREQ=DAILY``."""
    start = f"{schedule.starts_at:%Y-%m-%d %H:%M}"
    if schedule.rule is None:
        return f"once, at {start} ({schedule.timezone})"
    return f"from {start} on ({schedule.timezone}), by the rule {schedule.rule}"


def next_slots(schedule: Schedule, slots: Sequence[datetime]) -> str:
    """The next slots, on the clock of its time zone."""
    if not slots:
        return "It has no slot any more."
    named = ", ".join(local(schedule, it) for it in slots)
    return f"Next: {named} ({schedule.timezone})."


def local(schedule: Schedule, at: datetime) -> str:
    """``2027-01-01 02:00``, on the clock of its time zone."""
    return f"{at.astimezone(ZoneInfo(schedule.timezone)):%Y-%m-%d %H:%M}"


def about(learners: Many) -> str:
    """How many learners it would be for now."""
    number, more = learners.number, "" if learners.exactly else "more than "
    return f"Now it would be for {more}{number:,} learner{'' if number == 1 else 's'}."


def _verb(task: Enrol | Mark | Reset) -> Verb:
    match task:
        case Enrol():
            return "enrol"
        case Mark():
            return "mark"
        case _:
            return "reset"


def _whom(whom: Tagged | Found) -> str:
    if isinstance(whom, Tagged):
        several = len(whom.tags) > 1
        return f"with the tag{'s' * several} {' and '.join(whom.tags)}"
    return f"whom the search “{whom.search}” finds"
