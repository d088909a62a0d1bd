"""Searches, reports, programmes by an API and from the views: the same to the letter (R3, B12)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from contracts.client import Client
from services.cli.stack.reports import remote as reports
from services.cli.stack.search import remote as searches
from tests.integration.cli.both_ways import Two, of_school
from tests.integration.cli.conftest import alike, send
from tests.integration.cli.test_programs import program
from tests.integration.cli.test_show import caught_up

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.integration.cli.conftest import School, Stack

MAY_9 = "2024-05-09T10:00:00.123456Z"
SPENT = {"activity": "read", "signal": {"kind": "time_spent", "seconds": 3_700}}
TODAY = f"{datetime.now(UTC).date()}"


@pytest.fixture(scope="module")
def told(stack: Stack) -> Two:
    """One who spent time, was marked complete and reset; another who enrolled; a programme.

    No test of these changes what another reads.
    """
    two = alike(stack)
    send(stack, *(it for school in (two.here, two.there) for it in _of(school)))
    caught_up(stack)
    return two


def _of(school: School) -> list[dict[str, Any]]:
    enrolled = school.enroll()
    return [
        program(school),
        enrolled,
        school.command("record_activity", **SPENT, effective_at=MAY_9),
        school.mark(effective_at=MAY_9),
        school.command("reset_progress", actor="ada", activities="whole_course"),
        {**enrolled, "data": enrolled["data"] | {"learner": "u-2"}},
    ]


def each(two: Two, *about: str, of: Iterable[tuple[str, ...]], code: int = 0) -> None:
    """Each of these the same, and answered with something where it is no error."""
    for words in of:
        done = two.alike(*about, *words, code=code)
        assert code or done.stdout.strip() not in {"", "[]"}, words


# R3: by what ever was and by what is so now; a page leads on to the next.
def test_a_search_is_the_same_both_ways(told: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    find = ("search", "SCHOOL")
    ever = ("--completed-between", "2024-05-09", "2024-05-09", "--manually", "--course", "biology")
    instants = ("--completed-between", MAY_9, "2024-05-09T10:00:00.123457Z")
    now = ("--status", "not_started", "--progress", "0", "0", "--attempt", "2")
    people = ("--role-level", "admin"), ("--text", "SAM okafor")
    days = ("--enrolled-between", TODAY, "9999-12-31"), ("--inactive-since", "2024-05-10")
    every = [(), ever, instants, now, ("--not-manually",), ("--tag", "none"), *people, *days]
    each(told, *find, of=[(*it, "--json") for it in every])
    each(told, *find, of=[(), ("--limit", "1"), ("--role", "none")])
    found = json.loads(told.alike(*find, *instants, "--json").stdout)["found"]
    assert [it["learner"] for it in found] == ["u-1"]
    one = ("--limit", "1", "--json")
    after = json.loads(told.alike(*find, *one).stdout)["next"]
    second = json.loads(told.alike(*find, *one, "--after", after).stdout)
    assert ([it["learner"] for it in second["found"]], second["total"]["learners"]) == (["u-1"], 3)
    monkeypatch.setattr(searches, "LARGEST", 1)
    each(told, *find, of=[("--limit", "2", "--json"), ("--limit", "200", "--json")])
    wrong = [
        ("--after", after, "--course", "biology"),
        ("--after", "nonsense"),
        ("--save", "", "--text", "sam"),
        ("--save", "x" * 201),
    ]
    each(told, *find, of=wrong, code=2)


# M2: a search that is kept by an API is for whom operations find.
def test_a_search_is_kept_both_ways(told: Two) -> None:
    told.both("search", "SCHOOL", "--text", "sam", "--save", "Sam & co/1?", "--limit", "200")
    with Client(told.server, told.token) as client:
        assert client.get_search("Sam & co/1?").criteria == {"text": "sam"}
    enrol = of_school("enrol", "--course", "biology", "--search", "Sam & co/1?", "--yes")
    told.both(*enrol, "--operation", "found", "--no-preview", "--json")


# R3: no reset takes anything from a report, whichever way it is asked for.
def test_reports_are_the_same_both_ways(told: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = (
        "--by",
        "day,course,provenance,administrator",
        "--kinds",
        "course_completed,enrolled",
    )
    month = ("--since", "2024-05-01", "--until", "2024-05-31")
    every = [
        ("time", "SCHOOL"),
        ("time", "SCHOOL", "--by", "", "--course", "biology"),
        ("time", "SCHOOL", "--by", "learner"),
        ("time", "SCHOOL", "--by", "activity,month,month", "--learner", "u-1", *month),
        ("counts", "SCHOOL"),
        ("counts", "SCHOOL", *counted),
        ("counts", "SCHOOL", "--by", "course", *month),
        ("funnel", "SCHOOL", "--limit", "1000"),
        ("funnel", "SCHOOL", "--activities", "--limit", "2"),
        ("scores", "SCHOOL"),
        ("scores", "SCHOOL", "--of", "activity", "--by", "activity,provenance"),
        ("days", "SCHOOL", "--course", "biology"),
        ("standing", "SCHOOL", "--limit", "100000"),
    ]
    each(told, "reports", of=[(*it, "--json") for it in every])
    each(told, "reports", of=[every[1], every[5], every[8]])  # as text: the same data, printed
    for nothing in (
        ("--course", "a b"),
        ("--learner", "a/b"),
        ("--by", "learner", "--after", "u-1"),
    ):
        done = told.alike("reports", "time", "SCHOOL", *nothing, "--json")
        assert (done.stdout, "Nothing is recorded" in done.stderr) == ("[]\n", True)
    monkeypatch.setattr(reports, "MOST", 1)
    cut = told.remotely("reports", "funnel", "SCHOOL", "--activities", "--json")
    assert (cut.returncode, len(json.loads(cut.stdout))) == (0, 1)
    assert "first 1 lines, which is all that an API gives" in cut.stderr


# B12: programmes of a school and of a learner; of one who is none there is nothing.
def test_programmes_are_the_same_both_ways(told: Two) -> None:
    each(told, "programs", "SCHOOL", of=[(), ("--json",), ("u-1",), ("u-1", "--json")])
    each(told, "programs", "SCHOOL", of=[("nobody",), ("ada",), ("a b",), ("..",)], code=1)


# A3: reads are of the token's own school.
def test_a_school_that_is_not_the_tokens_is_not_read(two: Two) -> None:
    theirs = two.here.id
    for words in (
        ("search", theirs),
        ("search", theirs, "--save", "mine"),
        ("reports", "time", theirs),
        ("reports", "standing", theirs),
        ("programs", theirs),
        ("programs", theirs, "u-1"),
        ("policies", "show", theirs),
        ("policies", "set", theirs, "--note-required"),
        ("audit", theirs),
        ("privacy", "export", theirs, "u-1"),
        ("privacy", "erase", theirs, "u-1", "--yes"),
        ("privacy", "list", theirs),
    ):
        done = two.remotely(*words)
        assert (done.returncode, done.stdout) == (2, ""), words
        assert "[foreign_school]" in done.stderr, words
