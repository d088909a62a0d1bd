"""R3: reports keep what ever was, whatever is reset; every case three ways (B10).

B7: what was undone is counted no more, but for the time that was spent.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections.reports import REPORTS
from tests.support import plain_reports
from tests.support.appended import MINE
from tests.support.counting import Counting, three_ways
from tests.support.decided import Log, logs, undone
from tests.support.happened import (
    activities_reset,
    course_completed,
    course_reset,
    earned,
    enrolled,
    imported,
    marked,
    spent,
    unenrolled,
    visited,
)
from tests.support.school import activity, course, day
from tests.support.spec import BEFORE

if TYPE_CHECKING:
    from projections.reports.state import Reported
    from tests.support.happened import Draft

KEYS = {"time_spent": 5}
COURSE = course(activity("a"), activity("b"))
MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)


def happened(*drafts: Draft, **common: Any) -> Log:
    return [(MINE, each.completed(BEFORE | {"attempt": 1} | common)) for each in drafts]


def counted(log: Log) -> Counting[Reported]:
    return three_ways(REPORTS, KEYS, log, cut=3)


def time(log: Log) -> list[tuple[Any, ...]]:
    return sorted(row[3:] for row in counted(log).rows["time_spent"].values())


def daily(log: Log) -> dict[tuple[Any, ...], int]:
    """By kind, day, provenance and administrator."""
    totals = counted(log).totals["daily"]
    return {(kind, at, how, who): n for (_, kind, at, _, how, who, _), n in totals.items()}


def test_r3_time_is_kept_whatever_is_reset() -> None:
    before = happened(enrolled(), spent("a", 60), spent("b", 5), spent("a", 30))
    resets = happened(activities_reset("a", "b"), course_reset(2))
    assert time(before) == time(before + resets) == [("a", MAY, 90), ("b", MAY, 5)]
    assert time(before + resets + happened(spent("a", 1)))[0] == ("a", MAY, 91)


def test_b4_the_month_is_that_of_when_it_was_achieved_in_utc() -> None:
    """The last second of May is May; a report that came in later is not of the later month."""
    log = happened(spent("a", 1), effective_at=day(30.9999), recorded_at=day(70))
    log += happened(spent("a", 2), effective_at=day(31), recorded_at=day(70))
    assert time(log) == [("a", MAY, 1), ("a", JUNE, 2)]


def test_r3_a_completion_stays_counted_after_a_reset_and_counts_again() -> None:
    log = happened(earned("a", on=3), course_completed("earned", on=3), course_reset(2))
    log += happened(earned("a", on=4), course_completed("earned", on=4))
    assert daily(log) == {
        ("activity_completed", date(2024, 5, 4), "earned", ""): 1,
        ("course_completed", date(2024, 5, 4), "earned", ""): 1,
        ("course_reset", date(2024, 5, 2), "", ""): 1,
        ("activity_completed", date(2024, 5, 5), "earned", ""): 1,
        ("course_completed", date(2024, 5, 5), "earned", ""): 1,
    }


def test_b3_counts_are_by_the_administrator_who_did_it() -> None:
    log = happened(enrolled(), marked("a"), marked("b"), activities_reset("a"), actor="u-7")
    log += happened(imported("a"), unenrolled(), actor="u-8")
    at = date(2024, 5, 2)
    assert daily(log) == {
        ("enrolled", at, "", "u-7"): 1,
        ("activity_completed", at, "manual", "u-7"): 2,
        ("activities_reset", at, "", "u-7"): 1,
        ("activity_completed", at, "imported", "u-8"): 1,
        ("unenrolled", at, "", "u-8"): 1,
    }


def test_what_a_learner_or_a_structure_change_did_is_no_administrators() -> None:
    """Else each learner who enrols would be a line of their own (B9, M12)."""
    log = happened(enrolled(), unenrolled(), actor=MINE.learner)
    log += happened(course_completed("manual", "structure_change"), earned("a"), actor="u-7")
    assert {who for _, _, _, who in daily(log)} == {""}


def test_a_mark_of_oneself_is_told() -> None:
    log = happened(marked("a"), actor=MINE.learner)
    assert {who for _, _, _, who in daily(log)} == {MINE.learner}


def test_m9_a_mark_is_no_time() -> None:
    assert time(happened(enrolled(), visited("a"), marked("a"), course_completed("manual"))) == []


def counts(log: Log) -> dict[tuple[Any, ...], int]:
    """Without what is nothing, and what was undone is nothing."""
    return {key: number for key, number in daily(log).items() if number}


def test_b7_what_was_undone_is_counted_no_more_and_the_undo_is() -> None:
    """By provenance and administrator, on the day of each; another's are not touched."""
    before = happened(enrolled(), earned("b"), marked("z"), actor="u-8")
    marks = happened(
        marked("a", on=3), course_completed("manual", on=3), actor="u-7", command_id="m"
    )
    undo = {("completion_revoked", date(2024, 5, 31), "", "u-7"): 1}
    assert counts(undone(before + marks, "m", COURSE)) == counts(before) | undo


def test_b7_an_undone_reset_is_counted_no_more_as_what_it_was() -> None:
    before = happened(enrolled(), earned("a"), earned("b"), course_completed("earned"))
    some = happened(activities_reset("a", reopens=True), command_id="r", actor="u-7")
    whole = happened(course_reset(2, reopens=True), command_id="r", actor="u-7")
    undo = {("reset_revoked", date(2024, 5, 31), "", "u-7"): 1}
    for reset in (some, whole):
        assert counts(undone(before + reset, "r", COURSE)) == counts(before) | undo


def test_b7_what_a_learner_or_a_structure_change_did_goes_as_it_came() -> None:
    """Undone with an enrolment, they were no administrator's; else a sum would be below 0."""
    log = happened(enrolled(), command_id="e", actor=MINE.learner)
    log += happened(earned("a"), course_completed("manual", "structure_change"), actor="u-7")
    after = daily(undone(log, "e", COURSE))
    assert {key[0] for key, number in after.items() if number} == {"enrolment_revoked"}
    assert min(after.values()) == 0


def test_r3_b7_time_was_spent_whatever_is_undone() -> None:
    """A mark has no time to take back; what came after a reset or an enrolment was spent."""
    log = happened(enrolled(), command_id="e") + happened(spent("a", 60))
    log += happened(marked("b"), command_id="m") + happened(course_reset(2), command_id="r")
    log += happened(spent("a", 30), attempt=2)
    for command in "mre":
        assert time(undone(log, command, COURSE)) == time(log) == [("a", MAY, 90)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(log=logs(), cut=st.integers(1, 7))
def test_reports_are_what_a_look_at_the_whole_log_finds(log: Log, cut: int) -> None:
    found = three_ways(REPORTS, KEYS, log, cut)
    expected = plain_reports.time_spent(log)
    assert {key: row[-1] for key, row in found.rows["time_spent"].items()} == dict(expected)
    assert {name: +counts for name, counts in found.totals.items()} == plain_reports.reports(log)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(log=logs(undo=False), cut=st.integers(1, 30))
def test_r3_nothing_ever_shrinks(log: Log, cut: int) -> None:
    """However a history goes on without an undo, no figure of its beginning becomes less."""
    earlier, later = (three_ways(REPORTS, KEYS, part, cut) for part in (log[:cut], log))
    for name, counts in earlier.totals.items():
        assert counts - Counter(later.totals[name]) == Counter()
