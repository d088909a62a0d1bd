"""``coursemark schedules`` by an API and by the servers: alike (B12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.cli.both_ways import of_school
from tests.integration.cli.conftest import lines
from tests.support.command_line import json_lines

if TYPE_CHECKING:
    from tests.integration.cli.both_ways import Two

LATER = ("--at", "2099-01-01T02:00")
DAILY = (*LATER, "--rule", "FREQ=DAILY", "--timezone", "Europe/Athens")
RENEW = ("recertify", "renew", "--course", "biology", "--months", "12", "--warn-days", "30")
ENROL = ("enrol", "x", "--tag", "nurse", "--course")
LONG_AGO = "2020-05-01T09:00:00Z"


def schedules(*words: str) -> tuple[str, ...]:
    return "schedules", *words, "--school", "SCHOOL"


def add(*words: str) -> tuple[str, ...]:
    return of_school("schedules", "add", *words, "--yes")


@pytest.fixture
def classrooms(two: Two) -> Two:
    """In each school two nurses completed biology long ago, and the views have it."""
    messages = []
    for school in (two.here, two.there):
        for learner in ("n-1", "n-2"):
            nurse = {"school": school.id, "user": learner, "name": "N. Urse", "tags": ["nurse"]}
            whose = {"learner": learner, "effective_at": LONG_AGO}
            enrol = school.enroll()["data"] | whose
            messages += [{"type": "user", "data": nurse}, {"type": "enroll_learner", "data": enrol}]
            messages.append(school.mark(**whose))
    sent = two.stack.run("send", "--file", "-", stdin=lines(*messages))
    assert sent.returncode == 0, sent
    for learner in ("n-1", "n-2"):
        two.until(lambda text: "completed" in text, "show", "SCHOOL", learner)
    return two


def test_b12_a_schedule_from_the_add_to_its_removal_both_ways(classrooms: Two) -> None:
    two = classrooms
    added = two.both(*add(*RENEW, *DAILY, "--note", "Yearly."))
    assert "Now it would be for 2 learners." in added.stderr
    two.both(*add(*ENROL, "biology", *LATER, "--json"))
    two.both(*schedules("list"))
    two.both(*schedules("list", "--json"))
    two.both(*schedules("show", "renew"))
    shown = two.both(*schedules("show", "renew", "--json"))
    [told] = json_lines(shown.stdout)
    assert (len(told["slots"]), told["learners"], told["school"]) == (3, 2, two.there.id)
    previewed = two.both(*schedules("preview", "renew", "--rows"))
    assert "n-2" in previewed.stdout
    two.both(*schedules("preview", "renew", "--json"))
    two.both(*schedules("disable", "renew"))
    two.both(*schedules("show", "renew"))
    two.both(*schedules("enable", "renew", "--json"))
    two.both(*add(*RENEW, *DAILY), code=1)
    two.both(*add(*RENEW, "--months", "24", *DAILY, "--replace", "--json"))
    two.both(*schedules("slots", "renew"))
    two.both(*schedules("remove", "renew"))
    two.both(*schedules("slots", "renew"), code=2)


def test_b12_who_falls_due_is_listed_both_ways(classrooms: Two) -> None:
    two = classrooms
    due = ("due", "--before", "2099-06-01")
    two.both(*schedules(*due))
    two.both(*add(*RENEW, *DAILY))
    listed = two.both(*schedules(*due))
    assert "N. Urse (n-2)" in listed.stdout
    two.both(*schedules(*due, "--json"))
    two.both(*schedules(*due, "--course", "other", "--json"))
    one = two.both(*schedules(*due, "--limit", "1000", "--json"))
    assert len(json_lines(one.stdout)[0]["due"]) == 2
    first = [ask(*schedules(*due, "--limit", "1", "--json")) for ask in (two.locally, two.remotely)]
    cursors = [json_lines(it.stdout)[0]["next"] for it in first]
    here = two.locally(*schedules(*due, "--limit", "1", "--after", cursors[0]))
    there = two.remotely(*schedules(*due, "--limit", "1", "--after", cursors[1]))
    assert two.shown(there, two.there) == two.shown(here, two.here)
    assert ("n-2" in there.stdout, "More" in there.stdout) == (True, False)
    two.both(*schedules("due", "--before", "2099-07-01", "--after", "nonsense"), code=2)
    two.both(*schedules("due", "--limit", "0"), code=2)
    two.both(*schedules("due", "--course", "a b"), code=2)


# What cannot be kept, asked for or found is told alike, and nothing is kept.
def test_b12_what_is_wrong_is_told_alike(two: Two) -> None:
    for words, code in (
        ((*ENROL, "nowhere", *LATER), 1),
        (("enrol", "x", "--search", "Gone", "--course", "biology", *LATER), 1),
        ((*RENEW, "--at", "2001-01-01T02:00"), 1),
        ((*RENEW, *LATER, "--rule", "FREQ=HOURLY"), 2),
        ((*RENEW, *LATER, "--timezone", "Mars"), 2),
        ((*RENEW, *LATER, "--months", "0"), 2),
    ):
        two.both(*add(*words), code=code)
    for verb in ("show", "preview", "remove", "enable", "disable", "slots"):
        two.both(*schedules(verb, "gone"), code=2)
    two.both(*schedules("show", "no id"), code=2)
    two.both(*of_school("schedules", "add", *RENEW, *LATER), code=2)  # nobody to ask
    two.both(*add("mark", "none", "--tag", "ghost", "--course", "biology", *MARK))
    assert "nobody" in two.both(*schedules("preview", "none", "--json")).stderr
    [kept] = json_lines(two.both(*schedules("list", "--json")).stdout)
    assert kept["schedule"] == "none"


MARK = ("--whole-course", "--no-email", *LATER)


# A1, A3: a token of another scope or user keeps nothing.
def test_a1_a_token_that_may_not_or_is_anothers_keeps_none(two: Two) -> None:
    words = ("tokens", "create", two.there.id, "reader", "--scope", "read", "--actor", "ada")
    [reader] = json_lines(two.stack.run(*words, "--json").stdout)
    for more in (schedules("list"), add(*RENEW, *LATER)):
        refused = two.remotely(*more, COURSEMARK_TOKEN=reader["secret"])
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "manage" in refused.stderr
    lent = (*schedules("add", *RENEW, *LATER), "--actor", "u-1", "--yes")
    refused = two.remotely(*lent)
    assert (refused.returncode, "[not_permitted]" in refused.stderr) == (1, True)
    foreign = two.remotely("schedules", "list", "--school", two.here.id)
    assert (foreign.returncode, "[foreign_school]" in foreign.stderr) == (2, True)
    assert two.remotely(*schedules("list", "--json")).stdout == ""
