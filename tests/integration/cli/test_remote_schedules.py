"""``coursemark schedules`` by an API and by the servers: alike (B12)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from contracts.directory import User
from services.store.directory import Directory
from services.store.pool import open_pool
from tests.integration.cli.both_ways import of_school
from tests.integration.cli.conftest import lines
from tests.support.command_line import json_lines

if TYPE_CHECKING:
    from contracts.fields import RoleLevel
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
        two.until(lambda text: "100 %" in text, "show", "SCHOOL", learner)
    return two


def test_b12_a_schedule_from_the_add_to_its_removal_both_ways(classrooms: Two) -> None:
    two, due = classrooms, ("due", "--before", "2099-06-01")
    two.alike(*schedules(*due))
    added = two.both(*add(*RENEW, *DAILY, "--note", "Yearly."))
    assert "Now it would be for 2 learners." in added.stderr
    two.both(*add(*ENROL, "biology", *LATER, "--json"))
    two.alike(*schedules("list"))
    two.alike(*schedules("list", "--json"))
    two.alike(*schedules("show", "renew"))
    [told] = json_lines(two.alike(*schedules("show", "renew", "--json")).stdout)
    assert (len(told["slots"]), told["learners"], told["school"]) == (3, 2, two.there.id)
    assert "n-2" in two.both(*schedules("preview", "renew", "--rows")).stdout
    two.both(*schedules("preview", "renew", "--json"))
    _falls_due(two, due)
    two.both(*schedules("disable", "renew"))
    two.alike(*schedules("show", "renew"))
    two.both(*schedules("enable", "renew", "--json"))
    two.both(*add(*RENEW, *DAILY), code=1)
    two.both(*add(*RENEW, "--months", "24", *DAILY, "--replace", "--json"))
    for school in (two.here, two.there):
        assert two.stack.run("policies", "set", school.id, "--note-required").returncode == 0
    assert "note_required" in two.both(*schedules("preview", "renew"), code=1).stdout
    two.both(*add(*RENEW, *DAILY, "--replace"), code=1)
    two.alike(*schedules("slots", "renew"))
    two.both(*schedules("remove", "renew"))
    two.alike(*schedules("slots", "renew"), code=2)


def _falls_due(two: Two, due: tuple[str, ...]) -> None:
    assert "N. Urse (n-2)" in two.alike(*schedules(*due)).stdout
    [whole] = json_lines(two.alike(*schedules(*due, "--limit", "1000", "--json")).stdout)
    assert len(whole["due"]) == 2
    two.alike(*schedules(*due, "--course", "other", "--json"))
    two.alike(*schedules(*due, "--limit", "1"))
    [first] = json_lines(two.alike(*schedules(*due, "--limit", "1", "--json")).stdout)
    [second] = json_lines(
        two.alike(*schedules(*due, "--limit", "1", "--after", first["next"], "--json")).stdout
    )
    assert (first["due"] + second["due"], second["next"]) == (whole["due"], None)
    two.alike(*schedules("due", "--after", first["next"]), code=2)  # of other dates
    two.alike(*schedules(*due, "--after", "nonsense"), code=2)
    two.alike(*schedules(*due, "--limit", "0"), code=2)
    two.alike(*schedules(*due, "--course", "a b"), code=2)


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
        two.alike(*schedules(verb, "gone"), code=2)
    two.alike(*schedules("show", "no id"), code=2)
    two.both(*of_school("schedules", "add", *RENEW, *LATER), code=2)  # nobody to ask
    two.both(*add("mark", "none", "--tag", "ghost", "--course", "biology", *MARK))
    assert "nobody" in two.both(*schedules("preview", "none", "--json")).stderr
    [kept] = json_lines(two.alike(*schedules("list", "--json")).stdout)
    assert kept["schedule"] == "none"


MARK = ("--whole-course", "--no-email", *LATER)


# A1: whoever made it is no administrator any more.
def test_a1_a_preview_that_cannot_begin_is_refused_alike(two: Two) -> None:
    asyncio.run(_is(two, "u-2", "admin"))
    mark = ("mark", "theirs", "--tag", "nurse", "--course", "biology", *MARK)
    for school in (two.here, two.there):
        who = ("--school", school.id, "--actor", "u-2", "--yes")
        assert two.stack.run("schedules", "add", *mark, *who).returncode == 0
    asyncio.run(_is(two, "u-2", "user", "nurse"))
    refused = two.both(*schedules("preview", "theirs"), code=1)
    assert (refused.stdout, "[not_permitted]" in refused.stderr) == ("", True)


async def _is(two: Two, user: str, level: RoleLevel, *tags: str) -> None:
    pool = await open_pool(str(two.stack.addresses.database))
    try:
        schools = (two.here.id, two.there.id)
        users = [User(school=it, user=user, role_level=level, tags=tags) for it in schools]
        await Directory(pool).put_users(users)
    finally:
        await pool.close()


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
