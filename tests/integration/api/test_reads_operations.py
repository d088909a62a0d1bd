"""Pages of operations and of their rows over real HTTP: each once and in order (B6)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest_asyncio

from contracts.envelope import timestamp
from tests.support.pages import pages
from tests.support.school import day

if TYPE_CHECKING:
    from tests.integration.api.conftest import Api

AT = day(1) + timedelta(microseconds=1)
CREATED = {
    "o-ä?&#": AT,
    "o-1": AT,
    "o-2": AT,
    "o-preview": AT,
    "o-older": AT - timedelta(microseconds=1),
    "o-newest": AT + timedelta(days=1),
}
"""Several of one moment."""
ORDER = sorted(CREATED, key=lambda it: (-CREATED[it].timestamp(), it))
OUTCOMES = ("skipped", "failed", "previewed")
ROWS = [(row, place, OUTCOMES[row % 3]) for row in range(1, 12) for place in range(2)]


@pytest_asyncio.fixture(scope="module")
async def api(running: Api) -> Api:
    """Operations that were created at those moments, one of them with rows."""
    token = await running.token()
    for number, operation in enumerate(CREATED):
        body = {
            "operation": operation,
            "learners": ["u-1204"],
            "courses": ["biology-1"],
            "dry_run": operation == "o-preview",
        }
        done = await running.command("bulk-enroll", token, f"b-{number}", body, wait=30)
        assert done.status == 200, done.body
    await running.pool.executemany(
        "update operations set created_at = $3 where school = $1 and operation = $2",
        [(running.school, operation, at) for operation, at in CREATED.items()],
    )
    await running.pool.execute(
        "update operations set state = 'cancelled' where operation = 'o-older'"
    )
    await running.pool.executemany(
        "insert into operation_rows (school, operation, row, place, learner, outcome, input) "
        "values ($1, 'o-1', $2, $3, 'u-1204', $4, '{}')",
        [(running.school, *it) for it in ROWS],
    )
    return running


async def test_b6_operations_come_once_and_in_order_over_their_pages(api: Api) -> None:
    token = await api.token()
    for limit in (1, 2, 4, 50):
        found = await pages(api, f"/v1/operations?limit={limit}", token, "operations")
        assert [it["operation"] for page in found for it in page] == ORDER
        assert {len(page) for page in found[:-1]} <= {limit}
    told = {it["operation"]: it["created_at"] for page in found for it in page}
    assert told == {name: timestamp(at) for name, at in CREATED.items()}


async def test_b6_operations_are_told_by_state_and_without_previews(api: Api) -> None:
    token = await api.token()
    for query, expected in (
        ("state=cancelled", ["o-older"]),
        ("state=cancelled&state=validating", ORDER),
        ("previews=false", [it for it in ORDER if it != "o-preview"]),
        ("previews=false&state=validating", [it for it in ORDER if it[2:4] not in {"pr", "ol"}]),
        ("state=paused", []),
    ):
        found = await pages(api, f"/v1/operations?{query}&limit=2", token, "operations")
        assert [it["operation"] for page in found for it in page] == expected, query


async def test_b6_rows_come_once_and_in_order_over_their_pages(api: Api) -> None:
    token = await api.token()
    for query, outcomes in (
        ("", set(OUTCOMES)),
        ("outcome=failed&", {"failed"}),
        ("outcome=failed&outcome=previewed&", {"failed", "previewed"}),
    ):
        found = await pages(api, f"/v1/operations/o-1/rows?{query}limit=3", token, "rows")
        told = [(it["row"], it["outcome"]) for page in found for it in page]
        assert told == [(row, outcome) for row, _, outcome in ROWS if outcome in outcomes]
        assert {len(page) for page in found[:-1]} == {3}
    for operation in ("o-2", "none"):
        got = await api.ask("GET", f"/v1/operations/{operation}/rows?outcome=failed", token)
        assert got.status == (200 if operation == "o-2" else 404)
