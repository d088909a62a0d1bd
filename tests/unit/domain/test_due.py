"""When completions fall due, and when learners are told so (B12)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from services.domain.due import Agenda, DueDate, agendas, announcement_id, earliest
from services.domain.schedules import SLACK, Recertify, Reset, Schedule, Tagged
from tests.support.recertifying import due_at, recertification

ZONES = st.sampled_from(["UTC", "Europe/Athens", "America/St_Johns", "Pacific/Apia"])
RULES = st.sampled_from(
    [
        None,
        "FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=MO,TH",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=YEARLY",
        "FREQ=DAILY;COUNT=40",
        "FREQ=MONTHLY;UNTIL=20260101T000000",
    ]
)
WALL = st.datetimes(datetime(2018, 1, 1), datetime(2024, 12, 31))  # noqa: DTZ001 - a wall clock's
INSTANTS = st.datetimes(
    datetime(2012, 1, 1),  # noqa: DTZ001 - the zone is beside it
    datetime(2030, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
MONTHS = st.integers(1, 40)
SCHEDULES = st.builds(
    lambda starts_at, rule, timezone, months, warn_days: recertification(
        starts_at=starts_at, rule=rule, timezone=timezone, months=months, warn_days=warn_days
    ),
    *(WALL, RULES, ZONES, MONTHS, st.integers(1, 366)),
)


def agenda(schedule: Schedule) -> Agenda:
    (found,) = agendas([schedule])
    return found


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(schedule=SCHEDULES, completions=st.lists(INSTANTS, max_size=5))
def test_b12_an_agenda_says_what_the_schedule_says_in_whatever_order_it_is_asked(
    schedule: Schedule, completions: list[datetime]
) -> None:
    known = agenda(schedule)
    task: Any = schedule.task
    for it in completions:
        assert known.due_at(it) == due_at(schedule, task, it)


@given(schedule=SCHEDULES, completed_at=INSTANTS)
def test_b12_nothing_is_due_before_its_months_have_passed(
    schedule: Schedule, completed_at: datetime
) -> None:
    """By the calendar and the clock of the schedule's place."""
    known = agenda(schedule)
    found, zone = known.due_at(completed_at), ZoneInfo(schedule.timezone)
    if found is not None:
        done = completed_at.astimezone(zone).replace(tzinfo=None)
        due = found.astimezone(zone).replace(tzinfo=None)
        assert due >= done + relativedelta(months=known.task.months)


@given(
    schedules=st.lists(SCHEDULES, min_size=1, max_size=3),
    names=st.permutations(["a", "b", "c"]),
    completed_at=INSTANTS,
)
def test_b12_of_several_schedules_the_earlier_one_wins(
    schedules: list[Schedule], names: list[str], completed_at: datetime
) -> None:
    named = [
        it.model_copy(update={"schedule": id_}) for it, id_ in zip(schedules, names, strict=False)
    ]
    found = earliest(agendas(named), completed_at)
    each = {it.schedule: agenda(it).due_at(completed_at) for it in named}
    there = {id_: due for id_, due in each.items() if due is not None}
    if not there:
        assert found is None
        return
    assert found is not None
    assert found.at == there[found.schedule] == min(there.values())
    assert all(found.schedule <= id_ for id_, due in there.items() if due == found.at)


@given(schedule=SCHEDULES, first=INSTANTS, more=st.timedeltas(SLACK, timedelta(days=400)))
def test_b12_a_completion_some_days_later_is_never_due_earlier(
    schedule: Schedule, first: datetime, more: timedelta
) -> None:
    """A page of due dates stops reading by it."""
    known = agenda(schedule)
    later, earlier = known.due_at(first + more), known.due_at(first)
    assert later is None or (earlier is not None and earlier <= later)


@given(
    schedule=SCHEDULES,
    completed_at=INSTANTS,
    since=INSTANTS,
    length=st.timedeltas(timedelta(0), timedelta(days=800)),
)
def test_b12_whatever_is_due_between_two_instants_was_completed_in_the_span(
    schedule: Schedule, completed_at: datetime, since: datetime, length: timedelta
) -> None:
    known = agenda(schedule)
    due = known.due_at(completed_at)
    if due is not None and since <= due < since + length:
        span = known.completed(since, since + length)
        assert span is not None
        assert span.first <= completed_at <= span.last


def test_b12_the_span_leaves_out_who_is_due_long_before_or_after() -> None:
    known = agenda(recertification(rule="FREQ=DAILY", months=12))
    span = known.completed(at("2024-06-01"), at("2024-07-01"))
    assert span is not None
    assert at("2023-05-26") < span.first < span.last < at("2023-07-05")
    assert known.completed(at("2024-06-01T13:00"), at("2024-06-01T14:00")) is None


def test_b12_a_learner_is_told_from_some_days_before_the_date_until_it_has_come() -> None:
    known = agenda(recertification(rule="FREQ=DAILY", months=12, warn_days=30))
    done, due = at("2023-06-01T09:00"), at("2024-06-01T12:00")
    assert known.due_at(done) == due
    told = {
        moment: known.told_at(done, at(moment))
        for moment in (
            *("2024-05-02T11:59:59", "2024-05-02T12:00:00"),
            *("2024-06-01T11:59:59", "2024-06-01T12:00:00"),
        )
    }
    assert list(told.values()) == [None, due, due, None]


@given(schedule=SCHEDULES, completed_at=INSTANTS, now=INSTANTS)
def test_b12_nobody_is_told_of_what_is_overdue_or_far_away(
    schedule: Schedule, completed_at: datetime, now: datetime
) -> None:
    known = agenda(schedule)
    told = known.told_at(completed_at, now)
    due = known.due_at(completed_at)
    assert known.task.warn_days is not None
    soon = due is not None and now < due <= now + timedelta(days=known.task.warn_days)
    assert told == (due if soon else None)


def test_b12_a_schedule_without_warning_tells_nobody() -> None:
    known = agenda(recertification(rule="FREQ=DAILY", months=12, warn_days=None))
    assert known.told_at(at("2023-06-01"), at("2024-05-31")) is None


def test_b12_a_schedule_that_is_off_or_about_something_else_has_no_due_dates() -> None:
    task = Reset(whom=Tagged(tags=("t",)), course="biology-1", activities="whole_course")
    assert agendas([recertification().model_copy(update={"task": task})]) == []
    assert agendas([recertification(enabled=False)]) == []
    assert earliest([], at("2023-06-01")) is None


def test_b12_a_single_slot_makes_due_only_what_is_old_enough_by_then() -> None:
    once = recertification(schedule="once", rule=None, months=12)
    assert earliest(agendas([once]), at("2023-01-01")) == DueDate(at("2024-01-01T12:00"), "once")
    assert earliest(agendas([once]), at("2023-01-02")) is None


@pytest.mark.parametrize(
    "other",
    [
        {"learner": "u-2"},
        {"course": "chemistry-1"},
        {"attempt": 2},
        {"completed_at": at("2023-06-02")},
        {"schedule": recertification(schedule="other")},
        {"schedule": recertification(school="hill")},
    ],
)
def test_b12_each_completion_is_told_of_once_by_each_schedule(other: dict[str, Any]) -> None:
    usual: dict[str, Any] = {
        "schedule": recertification(),
        "learner": "u-1",
        "course": "biology-1",
        "attempt": 1,
        "completed_at": at("2023-06-01"),
    }
    assert announcement_id(**usual) == announcement_id(**usual)
    changed = recertification(months=24, warn_days=3)
    assert announcement_id(**usual) == announcement_id(**usual | {"schedule": changed})
    assert announcement_id(**usual) != announcement_id(**usual | other)


def test_the_made_up_schedule_is_one() -> None:
    assert isinstance(recertification().task, Recertify)
