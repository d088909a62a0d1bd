"""Due dates on a learner's card and in a list, and the warning, in a running Coursemark (B12)."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from services.store import schedules
from services.store.pool import open_pool
from tests.integration.cli.conftest import School, Stack, lines
from tests.support.recertifying import recertification

if TYPE_CHECKING:
    from services.domain.schedules import Schedule

AN_HOUR_AGO = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=1)
"""The hour of the slots, so that nothing is reset while the tests run."""
LONG_AGO = AN_HOUR_AGO - timedelta(days=350)


def completed(stack: Stack, school: School, at: datetime) -> None:
    """The learner's course, as of that day; and the views have it."""
    mark = school.mark(effective_at=at.isoformat())
    sent = stack.run("send", "--file", "-", stdin=lines(school.enroll(), mark))
    assert sent.returncode == 0, sent
    for _ in range(100):
        views = json.loads(stack.run("projections", "list", "--json").stdout)
        if not sum(it["behind"] for it in views if it["kind"] == "view"):
            return
    pytest.fail(f"the views stay behind: {views}")


def keep(stack: Stack, schedule: Schedule) -> None:
    asyncio.run(_keep(stack, schedule))


async def _keep(stack: Stack, schedule: Schedule) -> None:
    pool = await open_pool(str(stack.addresses.database))
    try:
        await schedules.put(pool, schedule, datetime.now(UTC))
    finally:
        await pool.close()


def yearly(school: School, **fields: Any) -> Schedule:
    """Daily, since nine days ago."""
    starts_at = AN_HOUR_AGO.replace(tzinfo=None) - timedelta(days=9)
    usual: dict[str, Any] = {"school": school.id, "course": "biology", "actor": "ada"}
    return recertification(**usual | {"starts_at": starts_at} | fields)


def card(stack: Stack, school: School) -> dict[str, Any]:
    shown = stack.run("show", school.id, "u-1", "--json")
    assert shown.returncode == 0, shown
    found: dict[str, Any] = json.loads(shown.stdout)["courses"][0]
    return found


def test_b12_a_card_says_when_a_completion_has_to_be_renewed_and_the_learner_is_told(
    stack: Stack, school: School
) -> None:
    completed(stack, school, LONG_AGO)
    assert card(stack, school)["due"] is None
    keep(stack, yearly(school))
    found = card(stack, school)["due"]
    assert (found["schedule"], found["overdue"]) == ("yearly", False)
    due = datetime.fromisoformat(found["at"])
    assert AN_HOUR_AGO < due < AN_HOUR_AGO + timedelta(days=17)

    for _ in range(100):
        if any(it["due_at"] == found["at"] for it in card(stack, school)["history"]):
            break
    else:
        pytest.fail("the learner is not told")
    text = stack.run("show", school.id, "u-1").stdout
    assert f"due {due:%Y-%m-%d %H:%M} (yearly)" in text
    assert f"recertification announced due {due:%Y-%m-%d %H:%M}" in text


def test_b12_a_card_says_that_a_completion_is_overdue(stack: Stack, school: School) -> None:
    completed(stack, school, LONG_AGO - timedelta(days=30))
    once = yearly(
        school, rule=None, starts_at=(AN_HOUR_AGO + timedelta(days=2)).replace(tzinfo=None)
    )
    keep(stack, once)
    assert card(stack, school)["due"]["overdue"] is False
    daily = yearly(school, schedule="daily", months=11)
    keep(stack, daily)
    assert card(stack, school)["due"]["overdue"] is True
    assert "overdue since" in stack.run("show", school.id, "u-1").stdout


def test_b12_a_school_lists_who_falls_due(stack: Stack, school: School) -> None:
    completed(stack, school, LONG_AGO)
    keep(stack, yearly(school))
    words = "schedules", "due", "--school", school.id
    shown = stack.run(*words)
    assert shown.returncode == 0, shown
    assert "Sam Okafor (u-1)" in shown.stdout
    [line] = json.loads(stack.run(*words, "--json").stdout)["due"]
    assert (line["learner"], line["course"], line["email"]) == ("u-1", "biology", "sam@a.example")
    assert (line["schedule"], line["overdue"], line["attempt"]) == ("yearly", False, 1)
    for more in (["--course", "other"], ["--before", f"{AN_HOUR_AGO:%Y-%m-%d}"]):
        none = stack.run(*words, *more)
        assert (none.returncode, none.stdout[:15]) == (0, "Nobody falls du")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--before", "soon"], "Invalid value for --before"),
        (["--since", "2027-01-02", "--before", "2027-01-01"], "[invalid_criteria]"),
        (["--limit", "0"], "[invalid_criteria]"),
        (["--after", "nonsense"], "[invalid_cursor]"),
    ],
)
def test_b12_what_cannot_be_asked_for_is_refused(
    stack: Stack, school: School, more: list[str], code: str
) -> None:
    refused = stack.run("schedules", "due", "--school", school.id, *more)
    assert refused.returncode == 2, refused
    assert code in refused.stderr
