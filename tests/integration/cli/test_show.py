"""A learner's card: today from the views, on any day from the log alone (M6, M10, R4, B4, B10)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.cli.conftest import School, Stack, lines

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAM = {"activity": "quiz", "signal": {"kind": "submission", "score": 80.0}}


def now() -> str:
    return datetime.now(UTC).isoformat()


def send(stack: Stack, *messages: dict[str, Any]) -> None:
    sent = stack.run("send", "--file", "-", stdin=lines(*messages))
    assert sent.returncode == 0, sent


def caught_up(stack: Stack) -> None:
    """Until the views have what was sent."""
    for _ in range(100):
        views = json.loads(stack.run("projections", "list", "--json").stdout)
        if not sum(it["behind"] for it in views if it["kind"] == "view"):
            return
    pytest.fail(f"the views stay behind: {views}")


def card(stack: Stack, school: School, *words: str) -> Mapping[str, Any]:
    """The learner's one course."""
    caught_up(stack)
    shown = stack.run("show", school.id, "u-1", "--json", *words)
    assert shown.returncode == 0, shown
    [course] = json.loads(shown.stdout)["courses"]
    found: Mapping[str, Any] = course
    return found


def activity(course: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(it for it in course["activities"] if it["activity"] == name)
    return found


def test_what_an_administrator_completed_is_labelled(stack: Stack, school: School) -> None:
    """M6: on the activity, on the course and in the history; names come from the directory."""
    visited = school.command("record_activity", activity="read", signal={"kind": "visit"})
    send(stack, school.enroll(), visited, school.mark("quiz", reason="tested_out"))
    course = card(stack, school)
    assert (course["status"], course["manually_completed"]) == ("completed", True)
    assert activity(course, "quiz")["recorded"]["manually_completed"] is True
    assert activity(course, "read")["recorded"]["manually_completed"] is False
    text = stack.run("show", school.id, "u-1").stdout
    assert "Sam Okafor (u-1)" in text
    assert "sam@a.example" in text
    rows = [line.split() for line in text.splitlines()]
    [quiz] = [row for row in rows if row[:2] == ["✓", "quiz"]]
    [history] = [row for row in rows if row[2:5] == ["activity", "completed", "quiz"]]
    assert quiz[-1] == "Manually"
    assert history[5:] == ["100", "Ada", "Byron", "(ada)", "tested_out", "Manually"]


def test_a_locked_activity_that_was_marked_stays_locked(stack: Stack, school: School) -> None:
    """M10: complete for the rules after it, and shut in the player itself."""
    send(stack, school.enroll(), school.mark("quiz"))
    course = card(stack, school)
    assert [(it["activity"], it["locked"]) for it in course["activities"]] == [
        *(("read", False), ("quiz", True), ("extra", True)),
    ]
    assert "completed, locked" in stack.run("show", school.id, "u-1").stdout


def test_a_day_in_the_past_is_as_it_was(stack: Stack, school: School) -> None:
    """B10, R4: before the reset the course was complete; after it an attempt stands behind."""
    send(stack, school.enroll())
    enrolled = now()
    send(stack, school.mark())
    marked = now()
    send(stack, school.command("reset_progress", actor="ada", activities="whole_course"))
    assert card(stack, school, "--at", enrolled)["status"] == "not_started"
    before = card(stack, school, "--at", marked)
    assert (before["status"], before["attempt"], before["attempts"]) == ("completed", 1, [])
    after = card(stack, school)
    assert (after["status"], after["attempt"]) == ("not_started", 2)
    [attempt] = after["attempts"]
    assert (attempt["attempt"], attempt["status"]) == (1, "completed")
    assert card(stack, school, "--at", now()) | {"history": 0} == after | {"history": 0}


def test_the_past_by_the_log_is_the_view_that_was(stack: Stack, school: School) -> None:
    """B10: the log alone gives what the views showed at that moment."""
    extra = school.command("record_activity", activity="read", signal={"kind": "visit"})
    send(stack, school.enroll(), extra, school.command("record_activity", **EXAM))
    shown, then = card(stack, school), now()
    send(stack, school.mark("extra"))
    past = card(stack, school, "--at", then)
    assert past == shown
    assert card(stack, school) != shown


def test_when_it_was_achieved_is_another_clock(stack: Stack, school: School) -> None:
    """B4: an import of today, achieved a year ago, stood a year ago by the clock "effective"."""
    achieved = datetime.now(UTC) - timedelta(days=365)
    imported = school.command(
        "import_completion",
        actor="ada",
        activity="quiz",
        score=71.0,
        send_completion_email=False,
        effective_at=achieved.isoformat(),
    )
    send(stack, school.enroll(), imported)
    caught_up(stack)
    day = str((achieved + timedelta(days=1)).date())
    assert stack.run("show", school.id, "u-1", "--at", day).returncode == 1
    course = card(stack, school, "--at", day, "--by", "effective")
    quiz = activity(course, "quiz")["recorded"]
    assert (quiz["score"], quiz["provenance"]) == (71.0, "imported")


def test_what_was_undone_was_so_on_the_days_in_between(stack: Stack, school: School) -> None:
    """B7, B10: the log knows what was shown; by the clock "effective" it was never achieved."""
    achieved = datetime.now(UTC) - timedelta(days=365)
    mark = school.mark(effective_at=achieved.isoformat()) | {"id": f"mark-{school.id}"}
    reset = school.command("reset_progress", actor="ada", activities="whole_course")
    spent = {"activity": "read", "signal": {"kind": "time_spent", "seconds": 60}}
    send(stack, school.enroll(), school.command("record_activity", **spent), mark)
    marked, complete = now(), card(stack, school)
    send(stack, reset | {"id": f"reset-{school.id}"})
    again = now()
    send(stack, school.command("undo_command", actor="ada", undoes=f"reset-{school.id}"))
    assert figures(card(stack, school)) == figures(complete)
    send(stack, school.command("undo_command", actor="ada", undoes=f"mark-{school.id}"))
    assert figures(card(stack, school, "--at", marked)) == figures(complete)
    assert card(stack, school, "--at", again)["attempt"] == 2
    assert card(stack, school)["status"] == "not_completed"
    assert figures(card(stack, school, "--at", now())) == figures(card(stack, school))
    gone = ["progress_reset", "course_completed", *["activity_completed"] * 3]
    assert undone(card(stack, school)) == undone(card(stack, school, "--at", now())) == gone
    assert undone(card(stack, school, "--at", again)) == []
    day = str((achieved + timedelta(days=1)).date())
    assert stack.run("show", school.id, "u-1", "--at", day, "--by", "effective").returncode == 1


def undone(course: Mapping[str, Any]) -> list[str]:
    """What the history says that it counts no more, the newest first."""
    return [it["type"].split(".")[2] for it in course["history"] if it["undone"]]


def figures(course: Mapping[str, Any]) -> dict[str, Any]:
    """All but what the log has grown by."""
    grown = ("history", "version")
    return {name: it for name, it in course.items() if name not in grown}


def test_nobody_is_said_so(stack: Stack, school: School) -> None:
    shown = stack.run("show", school.id, "nobody")
    assert shown.returncode == 1
    assert "[no_record]" in shown.stderr
    assert stack.run("show", school.id, "u-1", "--at", "once").returncode == 2
