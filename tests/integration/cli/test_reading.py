"""Views exported, checked, rebuilt and published again; events watched."""

from __future__ import annotations

import asyncio
import csv
import json
import signal
from typing import TYPE_CHECKING

import asyncpg
import pytest

from projections.registry import PROJECTIONS
from services.cli.projections.standing import FOLLOWERS
from tests.integration.cli.conftest import School, Stack, lines
from tests.support.command_line import coursemark, json_lines, process

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def marked(stack: Stack, school: School) -> School:
    """A school with a learner whose course was marked complete."""
    sent = stack.run("send", "--file", "-", stdin=lines(school.enroll(), school.mark()))
    assert sent.returncode == 0, sent
    return school


def test_events_come_as_they_happen(stack: Stack, marked: School) -> None:
    """Watching takes nothing from anybody, and tells events of one school if asked."""
    watched = stack.run(
        *("watch", "--school", marked.id, "--from-start", "--count", "6", "--json"),
    )
    assert watched.returncode == 0, watched
    events = json_lines(watched.stdout)
    assert [it["type"].split(".")[2] for it in events if it["data"].get("learner")] == [
        *("learner_enrolled", "activity_completed", "activity_completed", "activity_completed"),
        "course_completed",
    ]
    assert all(it["id"].startswith(f"{marked.id}/") for it in events)


async def test_a_live_event_is_a_line_and_ctrl_c_ends_it(stack: Stack, school: School) -> None:
    watching = await process("watch", "--data", str(stack.data))
    assert watching.stdout is not None
    assert watching.stderr is not None
    assert b"Watching coursemark.events.v1" in await watching.stderr.readline()
    await asyncio.to_thread(stack.run, "send", "--file", "-", stdin=lines(school.enroll()))
    line = b""
    while f"{school.id}/u-1/biology".encode() not in line:
        line = await asyncio.wait_for(watching.stdout.readline(), 30)
    assert b"learner enrolled" in line
    watching.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(watching.wait(), 30) == 0


def test_exports_are_csv_with_every_row_of_the_view(
    stack: Stack, marked: School, tmp_path: Path
) -> None:
    for what, key in (("progress", "course"), ("activities", "activity")):
        file = tmp_path / f"{what}.csv"
        _wait_until_clean(stack)
        exported = stack.run("export", what, "--out", str(file))
        assert exported.returncode == 0, exported
        rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
        ours = [row for row in rows if row["school"] == marked.id]
        assert [row[key] for row in ours] == (
            ["biology"] if what == "progress" else ["extra", "quiz", "read"]
        )
        assert all(row["manually_completed"] == "true" for row in ours)
        order = [tuple(row[name] for name in ("school", "course", "learner", key)) for row in rows]
        assert order == sorted(order)
        assert exported.stderr == f"{len(rows):,} rows written to {file}.\n"


def test_an_export_that_fails_leaves_no_file(tmp_path: Path) -> None:
    out = tmp_path / "progress.csv"
    failed = coursemark("export", "progress", "--out", str(out), "--data", str(tmp_path))
    assert failed.returncode == 69
    assert "[not_running]" in failed.stderr
    assert list(tmp_path.iterdir()) == []


def test_drift_is_found_and_a_rebuild_mends_it(stack: Stack, marked: School) -> None:
    """B10: a row that somebody changed differs from its events until the view is built anew."""
    _wait_until_clean(stack)
    assert asyncio.run(_change_a_row(stack, marked)) == "UPDATE 1"
    checked = stack.run("projections", "check", "progress", "--json")
    assert checked.returncode == 1
    [difference] = json.loads(checked.stdout)["progress"]["differences"]
    assert difference["stream"] == f"{marked.id}/u-1/biology"
    rebuilt = stack.run("projections", "rebuild", "progress")
    assert rebuilt.returncode == 0, rebuilt
    assert "the new view serves" in rebuilt.stderr
    assert stack.run("projections", "check").returncode == 0


async def _change_a_row(stack: Stack, school: School) -> str:
    connection = await asyncpg.connect(stack.addresses.database)
    try:
        changed: str = await connection.execute(
            "update progress.courses set time_spent = 7 where school = $1", school.id
        )
    finally:
        await connection.close()
    return changed


def test_views_and_feeds_are_listed(stack: Stack) -> None:
    listed = json.loads(stack.run("projections", "list", "--json").stdout)
    assert [(it["name"], it["kind"]) for it in listed] == [
        *((it.name, "view") for it in PROJECTIONS),
        *((name, "feed") for name in FOLLOWERS),
    ]
    assert all(it["problem"] is None for it in listed)


def test_events_are_published_again_under_their_ids(stack: Stack, marked: School) -> None:
    """The publisher notices although nothing new is in the log."""
    _wait_until_clean(stack)
    refused = stack.run("projections", "rebuild", "publish-events", stdin="n\n")
    assert refused.returncode == 1
    again = stack.run("projections", "rebuild", "publish-events", "--yes")
    assert again.returncode == 0, again
    watched = stack.run(
        *("watch", "--school", marked.id, "--from-start", "--count", "12", "--json"),
    )
    ids = [it["id"] for it in json_lines(watched.stdout)]
    assert len(set(ids)) == 6
    assert sorted(ids) == sorted(2 * list(set(ids)))


def test_an_unknown_view_is_wrong_usage(stack: Stack) -> None:
    unknown = stack.run("projections", "check", "nothing")
    assert unknown.returncode == 2
    assert "[unknown_view]" in unknown.stderr


def _wait_until_clean(stack: Stack) -> None:
    for _ in range(100):
        listed = json.loads(stack.run("projections", "list", "--json").stdout)
        if not sum(it["behind"] for it in listed):
            return
    pytest.fail(f"still behind: {listed}")
