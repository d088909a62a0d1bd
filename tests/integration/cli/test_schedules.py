"""``coursemark schedules``, on all that runs: added, previewed, run, on record (B5, B12)."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.cli.conftest import School, Stack, lines
from tests.support.command_line import Done, answered, json_lines

if TYPE_CHECKING:
    from collections.abc import Callable

LONG_AGO = "2020-05-01T09:00:00Z"
LATER = ("--at", "2099-01-01T02:00")


@pytest.fixture
def classroom(stack: Stack, school: School) -> School:
    """A school with two nurses who completed biology long ago, and one who did so just now."""
    people = [{"school": school.id, "user": f"u-{n}", "tags": ["nurse"]} for n in (1, 2, 3)]
    messages = [{"type": "user", "data": it} for it in people]
    for learner in ("u-1", "u-2", "u-3"):
        at = {} if learner == "u-3" else {"effective_at": LONG_AGO}
        enrol = school.enroll()["data"] | {"learner": learner} | at
        messages.append({"type": "enroll_learner", "data": enrol})
        messages.append(school.mark(**{"learner": learner} | at))
    sent = stack.run("send", "--file", "-", stdin=lines(*messages))
    assert sent.returncode == 0, sent
    return school


def do(stack: Stack, school: School, *words: str, **more: Any) -> Done:
    return stack.run("schedules", *words, "--school", school.id, **more)


def add(stack: Stack, school: School, *words: str, actor: str = "ada") -> Done:
    return do(stack, school, "add", *words, "--actor", actor, "--yes")


RENEW = ("recertify", "renew", "--course", "biology", "--months", "12", "--warn-days", "30")


def plain(text: str) -> str:
    return " ".join(text.replace("│", " ").split())


def awaited(look: Callable[[], list[Any]], seconds: float = 60) -> list[Any]:
    """What it gives, once that is something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError("nothing came")


# B12: what it will do, when and for how many is told before it is kept; the slot begins it.
def test_from_the_add_to_the_operation(stack: Stack, classroom: School) -> None:
    soon = f"{datetime.now(UTC) + timedelta(seconds=4):%Y-%m-%dT%H:%M:%S}"
    daily = ("--rule", "FREQ=DAILY")
    added = add(stack, classroom, *RENEW, "--at", soon, *daily, "--note", "Yearly.")
    assert added.returncode == 0, added
    said = plain(added.stderr)
    assert f"Reset the whole course biology for everyone of {classroom.id} whose completion" in said
    assert "12 months old or older" in said
    assert "by the rule FREQ=DAILY, as ada" in said
    assert "Each of them is warned 30 days before." in said
    assert "Now it would be for 2 learners." in said
    assert said.count(soon[11:16]) >= 3
    [slot] = awaited(lambda: json_lines(do(stack, classroom, "slots", "renew", "--json").stdout))
    assert (slot["outcome"], slot["learners"]) == ("begun", 2)
    watched = stack.run(
        "operations", "watch", slot["operation"], "--school", classroom.id, "--json"
    )
    assert watched.returncode == 0, watched
    report = json_lines(watched.stdout)[-1]
    assert (report["state"], report["done"], report["source"]) == ("completed", 2, "rule")
    assert (report["actor"], report["note"]) == ("ada", "Yearly.")
    shown = do(stack, classroom, "show", "renew")
    assert "Now it would be for 0 learners." in shown.stdout
    assert slot["operation"] in shown.stdout
    assert do(stack, classroom, "remove", "renew").returncode == 0
    assert json_lines(do(stack, classroom, "slots", "renew", "--json").stdout) == [slot]


# B5: a preview is of whom the next slot would find, by the code of the real thing.
def test_a_preview_counts_and_changes_nothing(stack: Stack, classroom: School) -> None:
    assert add(stack, classroom, *RENEW, *LATER).returncode == 0
    looked = do(stack, classroom, "preview", "renew", "--json", "--rows")
    assert looked.returncode == 0, looked
    report = json_lines(looked.stdout[looked.stdout.index("{") :])[-1]
    assert (report["dry_run"], report["done"], report["source"]) == (True, 3, "console")
    assert report["effects"]["emails"] == 0
    card = stack.run("show", classroom.id, "u-1", "--json")
    [course] = json.loads(card.stdout)["courses"]
    assert (course["completed_at"] is not None, course["attempt"]) == (True, 1)
    nobody = ("mark", "none", "--tag", "ghost", "--course", "biology", "--whole-course")
    assert add(stack, classroom, *nobody, "--no-email", *LATER).returncode == 0
    found = do(stack, classroom, "preview", "none")
    assert (found.returncode, "nobody" in found.stderr) == (0, True)


# Each kind of task, with whom it is for; listed, switched off and on, removed.
def test_enrol_mark_and_reset_are_listed_switched_and_removed(
    stack: Stack, classroom: School
) -> None:
    saved = stack.run("search", classroom.id, "--tag", "nurse", "--save", "Nurses")
    assert saved.returncode == 0
    mark = ("--activity", "read", "--course", "biology", "--no-email")
    for words in (
        ("enrol", "a", "--tag", "nurse", "--tag", "new", "--course", "biology"),
        ("mark", "b", "--search", "Nurses", *mark),
        ("reset", "c", "--search", "Nurses", "--course", "biology", "--whole-course"),
    ):
        added = add(stack, classroom, *words, *LATER, "--timezone", "Europe/Athens")
        assert added.returncode == 0, added
        assert "2099-01-01 02:00 (Europe/Athens)" in added.stderr
    found = json_lines(do(stack, classroom, "list", "--json").stdout)
    assert [(it["schedule"], it["task"]["what"]) for it in found] == [
        ("a", "enroll"),
        ("b", "mark_complete"),
        ("c", "reset_progress"),
    ]
    assert {it["next_at"] for it in found} == {"2099-01-01T00:00:00Z"}
    table = do(stack, classroom, "list").stdout
    assert "with the tags nurse and new in biology" in table
    assert "whom the search “Nurses” finds" in table
    assert "off" in do(stack, classroom, "disable", "b").stdout
    assert "It is off" in do(stack, classroom, "show", "b").stdout
    [on] = json_lines(do(stack, classroom, "enable", "b", "--json").stdout)
    assert on["next_at"] == "2099-01-01T00:00:00Z"
    assert do(stack, classroom, "remove", "c").returncode == 0
    assert len(json_lines(do(stack, classroom, "list", "--json").stdout)) == 2


ENROL = ("enrol", "x", "--tag", "nurse")


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        ((*ENROL, "--course", "nowhere", *LATER), "unknown_course", 1),
        ((*ENROL, "--program", "nothing", *LATER), "unknown_program", 1),
        (("enrol", "x", "--search", "Gone", "--course", "biology", *LATER), "unknown_search", 1),
        ((*RENEW, "--at", "2001-01-01T02:00"), "no_slot_left", 1),
        ((*ENROL, *LATER), "name a --course or a --program", 2),
        (("enrol", "x", "--course", "biology", *LATER), "say for whom", 2),
        ((*ENROL, "--search", "Nurses", "--course", "biology", *LATER), "say for whom", 2),
        ((*ENROL, "--course", "biology", "--mark-complete", *LATER), "goes with --email", 2),
        ((*RENEW, *LATER, "--rule", "every day"), "no recurrence rule", 2),
        ((*RENEW, *LATER, "--rule", "FREQ=HOURLY"), "more often than daily", 2),
        ((*RENEW, *LATER, "--timezone", "Mars"), "time zone", 2),
        ((*RENEW, "--at", "tomorrow"), "2027-01-01T02:00", 2),
        ((*RENEW, "--at", "2099-01-01T02:00+02:00"), "offset", 2),
        ((*RENEW, "--months", "0", *LATER), "--months is too small", 2),
    ],
)
def test_what_cannot_be_kept_is_told_and_nothing_is_kept(
    stack: Stack, school: School, words: tuple[str, ...], code: str, exit_code: int
) -> None:
    refused = add(stack, school, *words)
    assert refused.returncode == exit_code, refused
    assert code in plain(refused.stderr)
    assert do(stack, school, "list", "--json").stdout == ""


def test_a1_who_is_no_administrator_adds_none_and_an_unknown_school_has_none(
    stack: Stack, school: School
) -> None:
    refused = add(stack, school, *RENEW, *LATER, actor="u-1")
    assert (refused.returncode, "[not_permitted]" in refused.stderr) == (1, True)
    unknown = add(stack, School("atlantis"), *RENEW, *LATER)
    assert (unknown.returncode, "[unknown_school]" in unknown.stderr) == (2, True)


@pytest.mark.parametrize("verb", ["show", "preview", "remove", "enable", "disable", "slots"])
def test_an_unknown_schedule_is_told(stack: Stack, school: School, verb: str) -> None:
    refused = do(stack, school, verb, "gone")
    assert (refused.returncode, "[unknown_schedule]" in refused.stderr) == (2, True)


def test_an_id_that_is_taken_needs_replace(stack: Stack, school: School) -> None:
    assert add(stack, school, *RENEW, *LATER).returncode == 0
    taken = add(stack, school, *RENEW, *LATER)
    assert (taken.returncode, "[schedule_exists]" in taken.stderr) == (1, True)
    changed = add(stack, school, *RENEW, "--months", "24", *LATER, "--replace")
    assert changed.returncode == 0
    [kept] = json_lines(do(stack, school, "list", "--json").stdout)
    assert kept["task"]["months"] == 24


def test_without_a_terminal_it_needs_yes(stack: Stack, school: School) -> None:
    refused = do(stack, school, "add", *RENEW, *LATER, "--actor", "ada")
    assert refused.returncode == 2
    assert "There is no terminal" in plain(refused.stderr)


# On a terminal it asks once; no is no, and nothing is kept.
def test_on_a_terminal_it_asks_once(stack: Stack, school: School) -> None:
    where = ("--school", school.id, "--actor", "ada", "--data", str(stack.data))
    code, said = answered(b"n\n", "schedules", "add", *RENEW, *LATER, *where)
    assert code == 1, said
    assert said.count("Go on?") == 1
    assert do(stack, school, "list", "--json").stdout == ""
