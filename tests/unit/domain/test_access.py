"""Access rules, M10 and L3: which activity is locked at a moment."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from services.domain.access import is_locked, locked
from tests.support.happened import earned, enrolled, marked, unenrolled, visited
from tests.support.school import activity, course, day, section, sections, visit, within
from tests.support.spec import given

if TYPE_CHECKING:
    from contracts.catalog import Access

A, B, C = activity("a"), activity("b", required=False), activity("c")
D = activity("d", after=("a", "c"))
INSTANT = timedelta(microseconds=1)


def test_free_locks_nothing() -> None:
    for events in ((), (enrolled(),), (enrolled(), marked("c"))):
        assert locked(course(A, B, C, D), given(*events).state, day(0)) == []


def test_sequential_opens_an_activity_when_all_before_it_are_complete() -> None:
    in_order = sections(section(A, B), section(C), access="sequential")
    assert locked(in_order, given(enrolled()).state, day(0)) == ["b", "c"]
    assert locked(in_order, given(enrolled(), earned("a")).state, day(0)) == ["c"]
    assert locked(in_order, given(enrolled(), earned("b")).state, day(0)) == ["b", "c"]
    assert locked(in_order, given(enrolled(), earned("a"), marked("b")).state, day(0)) == []


def test_sequential_counts_optional_activities_and_not_mere_visits() -> None:
    in_order = course(A, B, C, access="sequential")
    so_far = given(enrolled(), earned("a"), visited("b")).state
    assert locked(in_order, so_far, day(0)) == ["c"]


def test_prerequisites_open_an_activity_when_those_it_names_are_complete() -> None:
    named = course(D, A, B, C, access="prerequisites")
    assert locked(named, given(enrolled()).state, day(0)) == ["d"]
    assert locked(named, given(enrolled(), earned("a"), visited("c")).state, day(0)) == ["d"]
    assert locked(named, given(enrolled(), earned("a"), marked("c")).state, day(0)) == []


@pytest.mark.parametrize("access", ["free", "sequential", "drip_feed"])
def test_prerequisites_apply_only_where_they_are_the_access_rule(access: Access) -> None:
    so_far = given(enrolled(), earned("c"), marked("a"), marked("b"))
    assert not is_locked(course(C, A, B, D, access=access), so_far.state, "d", day(9))
    after_nothing = course(D, A, C, access=access)
    assert not is_locked(after_nothing, given(enrolled()).state, "d", day(9))


def test_drip_feed_opens_a_section_days_after_the_enrolment() -> None:
    drip = sections(section(A, B, days=0), section(C, days=7), access="drip_feed")
    state = given(enrolled(on=10)).state
    assert locked(drip, state, day(10) - INSTANT) == ["a", "b", "c"]
    assert locked(drip, state, day(10)) == ["c"]
    assert locked(drip, state, day(17) - INSTANT) == ["c"]
    assert locked(drip, state, day(17)) == []


def test_drip_feed_opens_a_section_on_a_date() -> None:
    drip = sections(section(A, on=day(3)), section(C), access="drip_feed")
    state = given(enrolled(on=1)).state
    assert locked(drip, state, day(3) - INSTANT) == ["a"]
    assert locked(drip, state, day(3)) == []


def test_drip_feed_waits_for_both_dates_where_both_are_set() -> None:
    early = sections(section(A, days=5, on=day(3)), access="drip_feed")
    late = sections(section(A, days=5, on=day(9)), access="drip_feed")
    state = given(enrolled(on=1)).state
    assert [is_locked(early, state, "a", day(at)) for at in (5, 6)] == [True, False]
    assert [is_locked(late, state, "a", day(at)) for at in (8, 9)] == [True, False]


def test_drip_feed_leaves_a_section_without_dates_open_even_before_the_enrolment() -> None:
    drip = sections(section(A), section(C, days=1), access="drip_feed")
    assert locked(drip, given(enrolled(on=10)).state, day(2)) == ["c"]


def test_drip_feed_counts_from_the_first_enrolment() -> None:
    drip = sections(section(A, days=5), access="drip_feed")
    again = given(enrolled(on=1), unenrolled(), enrolled(on=20))
    assert not is_locked(drip, again.state, "a", day(6))


def test_drip_feed_by_days_has_not_begun_for_who_was_never_enrolled() -> None:
    drip = sections(section(A, days=0), section(C, on=day(3)), access="drip_feed")
    assert locked(drip, given().state, day(99)) == ["a"]


def test_m10_drip_feed_keeps_a_marked_activity_locked_until_its_day() -> None:
    drip = sections(section(A, days=7), access="drip_feed")
    state = given(enrolled(on=1), marked("a")).state
    assert [is_locked(drip, state, "a", day(at)) for at in (7, 8)] == [True, False]


def test_l3_a_late_report_is_judged_by_when_it_happened() -> None:
    drip = sections(section(A, days=7), section(C), access="drip_feed")
    since = given(enrolled(on=1))
    since.when(visit("a", effective_at=day(8)), within(drip)).then(visited("a"), earned("a"))
    since.when(visit("a", effective_at=day(7)), within(drip)).then_refused(
        "activity_locked", "a is locked for u-1204", access="drip_feed"
    )


def test_an_activity_of_another_course_is_neither_open_nor_locked() -> None:
    for access in ("sequential", "prerequisites", "drip_feed"):
        with pytest.raises(KeyError):
            is_locked(course(A, access=access), given().state, "z", day(0))
