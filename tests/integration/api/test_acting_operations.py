"""B5, B6: an operation followed over server-sent events, its rows as a file, its effects."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import pytest_asyncio

from services.api.reads import operation_events, watching
from services.api.reads.watching import Watching
from services.cli.operations.rows import write
from services.operations import reading
from services.runtime.embedded.waiting import until
from tests.integration.api.acting import EVERY, acting, ended, listening
from tests.integration.api.conftest import without_address

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import pytest

    from services.runtime.embedded import EmbeddedPostgres
    from tests.integration.api.conftest import Api

ENROLL = {"learners": ["u-1204", "=u-13"], "courses": ["biology-1"]}
LATER = "2199-01-01T00:00:00Z"


@pytest_asyncio.fixture(scope="module")
async def api(embedded_kafka: str, postgres: EmbeddedPostgres) -> AsyncIterator[Api]:
    async with acting(embedded_kafka, postgres) as made:
        yield made


async def begun(api: Api, operation: str, **more: Any) -> str:
    """A token of an administrator, who has begun it."""
    token = await api.token(scopes=EVERY)
    body = ENROLL | {"operation": operation} | more
    got = await api.command("bulk-enroll", token, f"{operation}-key", body, wait=30)
    assert got.status == 200, got.body
    return token


def events(text: str) -> list[dict[str, str]]:
    """The fields of each event, as the standard parses them."""
    blocks = [block for block in text.split("\n\n") if block]
    fields = [dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks]
    return [it for it in fields if "data" in it]


async def test_b6_an_operation_is_followed_to_its_end(api: Api) -> None:
    token = await begun(api, "op-1", start_at=LATER)
    async with listening(api, "op-1", token) as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        assert "Content-Encoding" not in stream.headers
        text = ""
        while "progress" not in text:
            text += (await stream.content.readany()).decode()
        cancel = {"operation": "op-1", "action": "cancel"}
        assert (await api.command("control-operation", token, "c-1", cancel, wait=30)).status == 200
        text += (await stream.content.read()).decode()
    told = events(text)
    reports = [json.loads(it["data"]) for it in told]
    assert {it["event"] for it in told} == {"progress"}
    assert [it["state"] for it in reports][:1] == ["scheduled"]
    assert [it["state"] for it in reports][-1] == "cancelled"
    ids = [int(it["id"]) for it in told]
    assert ids == sorted(set(ids))
    assert ids == [it["revision"] for it in reports]

    report = await ended(api, "op-1", token)
    async with listening(api, "op-1", token, last=report["revision"]) as stream:
        assert (stream.status, await stream.content.read()) == (204, b"")
    async with listening(api, "op-1", token, last=report["revision"] - 1) as stream:
        [last] = events((await stream.content.read()).decode())
        assert json.loads(last["data"]) == report


async def test_b6_a_stream_that_is_quiet_says_that_it_is_there(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operation_events, "HEARTBEAT_SECONDS", 0.01)
    token = await begun(api, "op-2", start_at=LATER)
    async with listening(api, "op-2", token) as stream:
        text = ""
        while text.count("\n\n: still here\n\n: still here") == 0:
            text += (await stream.content.readany()).decode()
    assert len(events(text)) == 1


async def test_b6_streams_are_bounded_and_given_back(api: Api) -> None:
    token = await begun(api, "op-3", start_at=LATER)
    async with AsyncExitStack() as open_:
        for _ in range(watching.STREAMS_OF_TOKEN):
            stream = await open_.enter_async_context(listening(api, "op-3", token))
            assert stream.status == 200
        many = await api.ask("GET", "/v1/operations/op-3/events", token)
        assert (many.status, many.code) == (429, "too_many_streams")
        assert many.headers["Retry-After"] == "10"

    async def free() -> bool:
        async with listening(api, "op-3", token) as again:
            return again.status == 200

    assert await until(free, within=30)


async def test_a1_a3_who_may_not_read_hears_nothing(api: Api) -> None:
    await begun(api, "op-4", start_at=LATER)
    user = await api.token(actor="user", scopes=["read"])
    foreign = await api.token(api.other, scopes=["read"])
    for what in ("events", "errors", "sent"):
        path = f"/v1/operations/op-4/{what}"
        assert (await api.ask("GET", path, user)).code == "not_permitted"
        theirs = await api.ask("GET", path, foreign)
        nowhere = await api.ask("GET", f"/v1/operations/op-none/{what}", foreign)
        assert theirs.status == 404
        assert without_address(theirs) == without_address(nowhere)
    wrong = await api.ask("GET", "/v1/operations/op-4/events", user, {"Last-Event-ID": "-1"})
    assert (wrong.status, wrong.code) == (400, "invalid_request")


async def test_b6_who_reads_slowly_hears_the_last_report_alone(api: Api) -> None:
    token = await begun(api, "op-5", start_at=LATER)
    report = await reading.one(api.pool, api.school, "op-5")
    with Watching(api.pool).watch(token, report) as watched:
        pieces = operation_events._told(watched, 0)
        assert [await anext(pieces), (await anext(pieces))[:15]] == [
            b"retry: 2000\n\n",
            b"event: progress",
        ]
        for revision in range(2, 500):
            watched.tell(report.model_copy(update={"revision": report.revision + revision}))
        assert f"id: {report.revision + 499}\n".encode() in await anext(pieces)


async def test_b6_streams_end_when_the_api_is_stopped(api: Api) -> None:
    stop = asyncio.Event()
    token = await begun(api, "op-6", start_at=LATER)
    report = await reading.one(api.pool, api.school, "op-6")
    watching_ = Watching(api.pool)
    async with watching_.running(stop):
        with watching_.watch(token, report) as watched:
            stop.set()
            told = [piece async for piece in operation_events._told(watched, report.revision)]
    assert told == [b"retry: 2000\n\n"]


async def test_b6_rows_are_a_file_that_a_spreadsheet_takes_for_text(
    api: Api, tmp_path: Path
) -> None:
    token = await begun(api, "op-7")
    report = await ended(api, "op-7", token)
    assert report["failed"] == {"unknown_learner": 1}
    url = f"{api.where}/v1/operations/op-7/errors"
    async with api.client.get(url, headers={"Authorization": f"Bearer {token}"}) as got:
        told = await got.read()
        assert got.headers["Content-Type"].startswith("text/csv")
        assert got.headers["Content-Disposition"] == 'attachment; filename="rows.csv"'
    await write(reading.rows(api.pool, api.school, "op-7"), tmp_path / "rows.csv")
    assert told == (tmp_path / "rows.csv").read_bytes()
    assert b"\n1,'=u-13,biology-1,,failed,unknown_learner," in told
    assert (await api.ask("GET", "/v1/operations/op-7/sent", token)).body == {"sent": []}


async def test_b5_a_preview_of_many_says_what_would_be_sent(api: Api) -> None:
    mark = {"course": "biology-1", "activities": "whole_course", "send_completion_email": True}
    token = await begun(api, "op-8", learners=["u-1205"])
    await ended(api, "op-8", token)
    body = mark | {"operation": "op-9", "learners": ["u-1205", "u-2"], "dry_run": True}
    await api.command("bulk-mark-complete", token, "k-9", body, wait=30)
    report = await ended(api, "op-9", token)
    assert (report["dry_run"], report["done"], report["failed"]) == (True, 1, {"not_enrolled": 1})
    assert set(report["effects"]) == {"emails", "webhooks", "zaps"}
    assert "effects" not in await ended(api, "op-8", token)
