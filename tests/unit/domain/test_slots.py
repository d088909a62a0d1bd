"""Which slot is run, which are missed, and what a slot asks for (B12)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.fields import ID_PATTERN
from contracts.operations import BulkEnroll, BulkMarkComplete, BulkResetProgress
from services.domain.schedules import Enrol, Found, Mark, Reset, Schedule, Tagged, Task, slots
from services.domain.slots import LATEST, LISTED, operation_id, parts, plan
from tests.support.recertifying import recertification

DAILY = recertification(rule="FREQ=DAILY", starts_at=datetime(2026, 1, 1, 2))  # noqa: DTZ001
DAY = timedelta(days=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


FIRST = at("2026-01-01T02:00")


@pytest.mark.parametrize(
    ("late", "missed"), [(timedelta(0), 0), (timedelta(hours=23, minutes=59), 0), (9 * DAY, 9)]
)
def test_b12_the_last_slot_that_has_come_is_run_and_all_before_it_are_missed(
    late: timedelta, missed: int
) -> None:
    found = plan(DAILY, FIRST, FIRST + late)
    assert found.slot == FIRST + missed * DAY
    assert found.missed == tuple(FIRST + number * DAY for number in range(missed))
    assert (found.unlisted, found.next_at) == (0, FIRST + (missed + 1) * DAY)


def test_b12_a_slot_of_more_than_a_day_ago_is_missed_too() -> None:
    once = recertification(starts_at=datetime(2026, 1, 1, 2), rule=None)  # noqa: DTZ001
    assert plan(once, FIRST, FIRST + DAY) == (FIRST, (), 0, None)
    late = FIRST + DAY + timedelta(microseconds=1)
    assert plan(once, FIRST, late) == (None, (FIRST,), 0, None)


def test_b12_of_many_missed_slots_the_last_are_listed_and_the_others_counted() -> None:
    found = plan(DAILY, FIRST, FIRST + 3_650 * DAY)
    assert found.slot == FIRST + 3_650 * DAY
    assert (len(found.missed), found.unlisted) == (LISTED, 3_650 - LISTED)
    assert found.missed[-1] == FIRST + 3_649 * DAY
    monthly = recertification(rule="FREQ=MONTHLY", starts_at=datetime(2026, 1, 1, 2))  # noqa: DTZ001
    found = plan(monthly, FIRST, FIRST + 3_650 * DAY)
    assert (found.slot, len(found.missed), found.unlisted) == (None, LISTED, 120 - LISTED)


def test_b12_clocks_that_are_moved_back_bring_no_slot() -> None:
    assert plan(DAILY, FIRST, FIRST - 400 * DAY) == (None, (), 0, FIRST)


@settings(deadline=None)
@given(
    st.sampled_from(["FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=MO,SA", None]),
    st.lists(st.timedeltas(-2 * DAY, 90 * DAY), max_size=12),
)
def test_b12_however_clocks_and_schedulers_go_every_slot_comes_to_one_end(
    rule: str | None, looks: list[timedelta]
) -> None:
    """A scheduler looks now and then; clocks may be set back."""
    it = recertification(rule=rule, starts_at=datetime(2026, 1, 1, 2))  # noqa: DTZ001
    next_at: datetime | None = next(slots(it, FIRST - DAY))
    ended: list[datetime] = []
    uncounted = 0
    for now in (FIRST + look for look in looks):
        if next_at is None or next_at > now:
            continue
        found = plan(it, next_at, now)
        run = () if found.slot is None else (found.slot,)
        assert all(now - LATEST <= slot <= now for slot in run)
        ended += [*found.missed, *run]
        uncounted += found.unlisted
        next_at = found.next_at
    assert ended == sorted(set(ended))
    latest = max((FIRST + look for look in looks), default=FIRST - DAY)
    come = list(takewhile(lambda slot: slot <= latest, slots(it, FIRST - DAY)))
    assert set(ended) <= set(come)
    assert len(ended) + uncounted == len(come)
    assert next_at == next(slots(it, max(latest, FIRST - DAY)), None)


def test_b12_an_operation_is_named_after_its_schedule_and_slot() -> None:
    assert operation_id("renew", FIRST) == "renew-20260101T020000Z"
    names = {operation_id("x" * 127 + end, FIRST + n * DAY) for end in "ab" for n in range(2)}
    assert len(names) == 4
    assert all(len(name) <= 128 for name in names)
    assert re.fullmatch(ID_PATTERN, names.pop())


def scheduled(task: Task) -> Schedule:
    return recertification(reason="tested_out", note="Yearly.").model_copy(update={"task": task})


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        (
            Enrol(whom=Tagged(tags=("t",)), programs=("p",), courses=("c",)),
            (BulkEnroll, {"programs": ("p",), "courses": ("c",), "mark_complete": False}),
        ),
        (
            Enrol(
                whom=Tagged(tags=("t",)),
                courses=("c",),
                mark_complete=True,
                send_completion_email=True,
            ),
            (BulkEnroll, {"mark_complete": True, "send_completion_email": True}),
        ),
        (
            Mark(
                whom=Tagged(tags=("t",)),
                course="c",
                activities=("a",),
                send_completion_email=True,
            ),
            (BulkMarkComplete, {"activities": ("a",), "send_completion_email": True}),
        ),
        (
            Reset(whom=Tagged(tags=("t",)), course="c", activities="whole_course"),
            (BulkResetProgress, {"activities": "whole_course", "completed_until": None}),
        ),
    ],
)
def test_b12_a_slot_asks_for_what_the_schedule_says(
    task: Task, expected: tuple[type, dict[str, Any]]
) -> None:
    model, fields = expected
    (asked,) = parts(scheduled(task), "op", ["u-1"])
    assert type(asked.command) is model
    for name, value in fields.items():
        assert getattr(asked.command, name) == value
    assert (asked.command.source, asked.command.reason) == ("rule", "tested_out")
    assert asked.command.note == "Yearly."


def test_b12_many_learners_are_asked_for_in_parts_under_ids_that_follow() -> None:
    learners = [f"u-{number}" for number in range(2_001)]
    asked = list(parts(DAILY, "op", learners, FIRST))
    assert [len(it.command.learners or ()) for it in asked] == [1_000, 1_000, 1]
    assert [(it.command.part, it.command.parts) for it in asked] == [(1, 3), (2, 3), (3, 3)]
    assert {getattr(it.command, "completed_until", None) for it in asked} == {FIRST}
    assert list(parts(DAILY, "op", learners, FIRST)) == asked
    others = list(parts(DAILY, "op-2", learners, FIRST))
    assert not {it.command_id for it in asked} & {it.command_id for it in others}


def test_b12_a_search_is_named_and_found_when_the_operation_is_validated() -> None:
    task = Mark(
        whom=Found(search="Autumn"), course="c", activities=("a",), send_completion_email=False
    )
    (asked,) = parts(scheduled(task), "op", "Autumn")
    assert (asked.command.search, asked.command.learners) == ("Autumn", None)
