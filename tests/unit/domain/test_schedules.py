"""What a schedule may be, when its slots are, and what is old enough at one (B12)."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from services.domain.schedules import (
    Found,
    Mark,
    Recertify,
    Schedule,
    Tagged,
    is_old_enough,
    later,
    old_enough_at_most,
    search_of,
    slots,
)
from tests.support.recertifying import due_at, recertification

ZONES = ["UTC", "Europe/Athens", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def first(schedule: Schedule, after: str, count: int = 3) -> list[str]:
    return [f"{it:%Y-%m-%d %H:%M}" for it in islice(slots(schedule, at(after)), count)]


def schedule(starts_at: str, rule: str | None = None, zone: str = "UTC", **more: Any) -> Schedule:
    start = datetime.fromisoformat(starts_at)
    return recertification(starts_at=start, rule=rule, timezone=zone, **more)


def test_b12_without_a_rule_it_has_one_slot() -> None:
    once = schedule("2026-01-01T02:00", zone="Europe/Athens")
    assert first(once, "2025-01-01") == ["2026-01-01 00:00"]
    assert first(once, "2026-01-01T00:00") == []
    assert list(slots(once, at("2026-01-01"), included=True)) == [at("2026-01-01")]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY", ["2026-01-31 02:00", "2026-02-01 02:00", "2026-02-02 02:00"]),
        ("FREQ=MONTHLY", ["2026-01-31 02:00", "2026-03-31 02:00", "2026-05-31 02:00"]),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-1",
            ["2026-01-31 02:00", "2026-02-28 02:00", "2026-03-31 02:00"],
        ),
        ("FREQ=YEARLY;COUNT=2", ["2026-01-31 02:00", "2027-01-31 02:00"]),
        ("RRULE:FREQ=DAILY;UNTIL=20260201T020000", ["2026-01-31 02:00", "2026-02-01 02:00"]),
        ("freq=weekly;byday=mo,th", ["2026-02-02 02:00", "2026-02-05 02:00", "2026-02-09 02:00"]),
        ("FREQ=MONTHLY;BYDAY=1MO", ["2026-02-02 02:00", "2026-03-02 02:00", "2026-04-06 02:00"]),
    ],
)
def test_b12_slots_at_the_ends_of_months_and_of_rules(rule: str, expected: list[str]) -> None:
    assert first(schedule("2026-01-31T02:00", rule), "2026-01-01") == expected


def test_b12_a_time_that_the_clocks_leave_out_comes_later_and_one_twice_counts_once() -> None:
    """Athens: 03:00 becomes 04:00 on 29 March 2026, 04:00 becomes 03:00 on 25 October."""
    daily = schedule("2026-01-01T03:30", "FREQ=DAILY", "Europe/Athens")
    assert first(daily, "2026-03-28T00:00") == [
        "2026-03-28 01:30",
        "2026-03-29 01:30",  # 04:30, where the clocks said 03:30 an hour before
        "2026-03-30 00:30",
    ]
    assert first(daily, "2026-10-24T00:00") == [
        "2026-10-24 00:30",
        "2026-10-25 00:30",
        "2026-10-26 01:30",
    ]


def test_b12_a_day_that_a_time_zone_leaves_out_makes_no_second_slot() -> None:
    """Samoa had no 30 December 2011."""
    daily = schedule("2011-12-28T10:00", "FREQ=DAILY", "Pacific/Apia")
    found = list(islice(slots(daily, at("2011-12-28")), 5))
    assert found == sorted(set(found))


@settings(deadline=None)
@given(
    st.sampled_from(ZONES),
    st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SU,SA", "FREQ=MONTHLY;BYMONTHDAY=31,-1"]),
    st.datetimes(datetime(2009, 1, 1), datetime(2013, 1, 1)),  # noqa: DTZ001 - a wall clock's
    st.datetimes(
        datetime(2009, 1, 1),  # noqa: DTZ001 - the zone is beside it
        datetime(2013, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
)
def test_b12_from_wherever_one_looks_the_slots_are_the_same(
    zone: str, rule: str, start: datetime, after: datetime
) -> None:
    """No slot is left out and none comes twice, whichever the last one was."""
    it = recertification(starts_at=start, rule=rule, timezone=zone)
    found = list(islice(slots(it, after), 40))
    assert found == sorted(set(found))
    assert all(slot > after for slot in found)
    for place, slot in enumerate(found[:-1]):
        assert next(slots(it, slot)) == found[place + 1]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("every day", "no recurrence rule"),
        ("", "no recurrence rule"),
        ("FREQ=DAILY;FREQ=SECONDLY", "no recurrence rule"),
        ("FREQ=DAILY\nEXDATE:20260101T000000", "no recurrence rule"),
        ("FREQ=DAILY;DTSTART=20200101T000000", "DTSTART"),
        ("FREQ=MONTHLY;BYDAY=XX", "no recurrence rule"),
        ("FREQ=HOURLY", "more often than daily"),
        ("FREQ=DAILY;BYHOUR=1,2,3", "time of day"),
        ("FREQ=DAILY;BYMONTHDAY=1", "does not go with"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=1001", "INTERVAL"),
        ("FREQ=DAILY;COUNT=0", "COUNT"),
        ("FREQ=DAILY;COUNT=-1", "COUNT"),
        ("FREQ=DAILY;BYMONTH=0", "BYMONTH"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY"),
        ("FREQ=DAILY;UNTIL=20270101T000000Z", "UNTIL"),
        ("FREQ=DAILY;UNTIL=20270101", "UNTIL"),
        ("FREQ=DAILY;UNTIL=20271301T000000", "no recurrence rule"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101T000000", "both"),
    ],
)
def test_b12_a_rule_that_is_none_is_refused_with_what_is_wrong(rule: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        schedule("2026-01-01T02:00", rule)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"timezone": "Mars/Olympus"}, "time zone"),
        ({"timezone": "../etc/passwd"}, "time zone"),
        ({"timezone": ""}, "time zone"),
        ({"starts_at": at("2026-01-01")}, "offset"),
        ({"starts_at": datetime(9500, 1, 1)}, "years"),  # noqa: DTZ001
        ({"schedule": "a/b"}, "pattern"),
        ({"months": 0}, "greater"),
        ({"warn_days": 400}, "less"),
    ],
)
def test_b12_what_is_no_schedule_is_refused(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        recertification(**fields)


def test_b12_a_schedule_is_read_as_it_was_written() -> None:
    it = schedule("2026-01-01T02:00", "FREQ=DAILY", "Europe/Athens", warn_days=30)
    assert Schedule.model_validate_json(it.to_json()) == it


def test_b12_a_search_says_for_whom_or_tags_do() -> None:
    mark: dict[str, Any] = {
        "course": "c",
        "activities": "whole_course",
        "send_completion_email": False,
    }
    assert search_of(Mark(whom=Found(search="Autumn"), **mark)) == "Autumn"
    assert search_of(Mark(whom=Tagged(tags=("nurse",)), **mark)) is None
    assert search_of(Recertify(course="c", months=1)) is None


@pytest.mark.parametrize(
    ("completed", "months", "expected"),
    [
        ("2026-01-31T10:00", 1, "2026-02-28T10:00"),
        ("2024-02-29T10:00", 12, "2025-02-28T10:00"),
        ("2024-02-29T10:00", 48, "2028-02-29T10:00"),
        ("2026-02-28T10:00", 1, "2026-03-28T10:00"),
    ],
)
def test_b12_months_are_the_calendars(completed: str, months: int, expected: str) -> None:
    assert later(at(completed), months, "UTC") == at(expected)


def plainly_later(moment: datetime, months: int, zone: str) -> datetime:
    """Written anew: the same time of day so many months on, or the month's last day."""
    wall = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    day = min(wall.day, calendar.monthrange(year, month + 1)[1])
    there = wall.replace(year=year, month=month + 1, day=day)
    return there.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@settings(deadline=None)
@given(
    st.sampled_from(ZONES),
    st.sampled_from([None, "FREQ=DAILY;INTERVAL=3", "FREQ=MONTHLY", "FREQ=YEARLY;COUNT=3"]),
    st.integers(1, 40),
    st.datetimes(
        datetime(2018, 1, 1),  # noqa: DTZ001 - the zone is beside it
        datetime(2026, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
)
def test_b12_due_is_the_first_slot_at_which_it_is_old_enough_as_counted_by_hand(
    zone: str, rule: str | None, months: int, completed: datetime
) -> None:
    it = schedule("2020-01-31T02:30", rule, zone, months=months)
    task: Any = it.task
    every = list(islice(slots(it, at("2010-01-01")), 1_500))
    by_hand = plainly_later(completed, months, zone)
    expected = next((slot for slot in every if slot >= by_hand), None)
    if expected is not None or len(every) < 1_500:
        assert due_at(it, task, completed) == expected
    for slot in every[:50]:
        old = is_old_enough(it, task, completed, slot)
        assert old is (slot >= by_hand)
        if old:
            assert completed <= old_enough_at_most(it, task, slot)
            assert old_enough_at_most(it, task, slot) <= slot - timedelta(days=28 * months - 5)
