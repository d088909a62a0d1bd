"""From a command to Zapier and back: hooks and polling tell the same, until it is unsubscribed."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import aiohttp

from contracts.commands import EnrollLearner, MarkComplete
from contracts.directory import School, User
from services.runtime.embedded.waiting import until
from services.store.migrations import migrate
from services.store.pool import open_pool
from tests.integration.zapier.conftest import Side
from tests.support.receivers import receiver, unused_port
from tests.support.school import activity, course
from tests.support.stack import message, parts, reference, results, send, settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.receivers import Receiver

PARTS = (
    *("command-worker", "reference-data", "projector", "publisher"),
    *("webhook-dispatcher", "zapier"),
)
LEARNERS = ("u-1", "u-2", "u-3")
DIRECTORY = (
    School(school="riverside", plan="starter"),
    User(school="riverside", user="ada", role_level="admin"),
    *(
        User(school="riverside", user=it, name=f"Name of {it}", email=f"{it}@learner.test")
        for it in LEARNERS
    ),
)
STRUCTURE = course(activity("a"), activity("c", "certificate")).structure


async def test_m11_b11_a_hook_and_polling_tell_the_same_until_the_hook_ends(
    embedded_kafka: str, database_url: str, topic_prefix: str
) -> None:
    port, pool = unused_port(), await open_pool(database_url)
    chosen = settings(embedded_kafka, database_url, topic_prefix, zapier_port=port)
    await migrate(pool)
    await send(chosen, map(reference, (*DIRECTORY, STRUCTURE)))
    async with (
        receiver() as ends,
        receiver() as stays,
        aiohttp.ClientSession() as client,
        parts(chosen, *PARTS),
    ):
        side = Side(f"http://127.0.0.1:{port}", pool, client)
        await side.endpoints.allow_private("riverside", allowed=True)
        token, other = await side.token(), await side.token("lakeside")
        await _listening(side, token)
        id_ = await _subscribe(side, token, ends, "course_completed")
        await _subscribe(side, token, stays, "certificate_awarded")
        await _mark(chosen, 1, LEARNERS[:2])
        assert await until(lambda: _came(ends, 2), within=60)
        hooked = {it["id"]: it for it in map(_flat, ends.seen)}
        status, polled = await side.ask("GET", "/zapier/triggers/course_completed", token)
        assert (status, {it["id"]: it for it in polled}) == (200, hooked)
        assert [it["user_id"] for it in polled] == ["u-2", "u-1"]  # the newest first
        first = next(it for it in polled if it["user_id"] == "u-1")
        assert first["user_name"] == "Name of u-1"
        assert first["manually_completed"] is True
        page = await side.ask("GET", "/zapier/triggers/course_completed?limit=1", token)
        assert page == (200, polled[:1])
        assert await _pages(side, token) == polled
        assert (await side.ask("GET", "/zapier/samples/course_completed", token))[1] == polled
        assert await side.ask("GET", "/zapier/triggers/course_completed", other) == (200, [])

        assert (await side.ask("DELETE", f"/zapier/hooks/{id_}", token))[0] == 200
        await _mark(chosen, 2, LEARNERS[2:])
        assert await until(lambda: _came(stays, 3), within=60)
        status, [newest, *_] = await side.ask("GET", "/zapier/triggers/certificate_awarded", token)
        assert newest["id"] in {it["id"] for it in map(_flat, stays.seen)}
    assert len(ends.seen) == 2
    await pool.close()


async def _listening(side: Side, token: str) -> None:
    async def ready() -> bool:
        try:
            views = "select count(*) from projection_cursors where projection = 'events_log'"
            known = "select count(*) = 5 and exists (select from stored_events) from users"
            there = await side.pool.fetchval(views) and await side.pool.fetchval(
                known.replace("= 5", f"= {len(DIRECTORY) - 1}")
            )
            return bool(there) and (await side.ask("GET", "/zapier/me", token))[0] == 200
        except aiohttp.ClientConnectionError:
            return False

    assert await until(ready, within=60)


async def _subscribe(side: Side, token: str, to: Receiver, trigger: str) -> str:
    body = {"target_url": to.url, "trigger": trigger}
    status, made = await side.ask("POST", "/zapier/hooks", token, json=body)
    assert status == 201
    return str(made["id"])


async def _mark(chosen: Any, before: int, learners: Sequence[str]) -> None:
    """One after the other, so that their order is known."""
    for number, learner in enumerate(learners):
        whose = {"school": "riverside", "learner": learner, "course": STRUCTURE.course}
        mark = MarkComplete(
            **whose, actor="ada", activities="whole_course", send_completion_email=False
        )
        await send(chosen, [message(EnrollLearner(**whose)), message(mark)])
        await results(chosen, 4 * (before - 1) + 2 * (number + 1))


async def _pages(side: Side, token: str) -> list[Any]:
    """All pages of one Zap each, as their links lead."""
    found: list[Any] = []
    path = "/zapier/triggers/course_completed?limit=1"
    headers = {"Authorization": f"Bearer {token}"}
    while path:
        async with side.client.get(side.where + path, headers=headers) as got:
            found += await got.json()
            following = got.headers.get("Link", "")
            path = following.partition("<")[2].partition(">")[0]
    return found


async def _came(to: Receiver, count: int) -> bool:
    await asyncio.sleep(0)
    return len(to.seen) >= count


def _flat(request: Any) -> Any:
    zap = json.loads(request.body)
    assert not [it for it in zap.values() if isinstance(it, dict | list)]
    assert request.line.startswith("POST ")
    return zap
