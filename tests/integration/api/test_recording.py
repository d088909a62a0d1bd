"""Entries of the audit log are gathered within bounds, written once, and forgotten in time."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from services.api.who import recording
from services.api.who.recording import Recorder
from services.runtime.embedded.waiting import until
from services.store.audit import AuditLog, Entry, Wanted
from tests.support.command_line import coursemark

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    import pytest

    from services.store.log import EventLog

NOW = datetime(2024, 5, 1, tzinfo=UTC)


def entry(n: int = 0, **more: object) -> Entry:
    it = Entry(
        at=NOW + timedelta(milliseconds=n),
        id=uuid4(),
        school="riverside",
        caller="tok_1",
        actor="u-7",
        method="POST",
        route="/v1/commands/mark-complete",
        ids={"idempotency_key": f"k-{n}"},
        status=200,
        code=None,
        why=None,
        address="127.0.0.1",
        operation="mark_complete",
        request_id=f"r-{n}",
    )
    return it._replace(**more)  # type: ignore[arg-type]


class Away(AuditLog):
    """PostgreSQL is away while ``away`` is set; what it was asked for all the same."""

    away = True

    async def append(self, entries: Sequence[Entry]) -> None:
        if self.away:
            raise ConnectionRefusedError
        await super().append(entries)


class Hanging(AuditLog):
    """PostgreSQL neither answers nor goes away."""

    async def append(self, entries: Sequence[Entry]) -> None:  # noqa: ARG002 - nothing comes of it
        await asyncio.Event().wait()

    async def forget(self, before: datetime) -> None:  # noqa: ARG002
        await asyncio.Event().wait()


async def test_a_stop_does_not_wait_for_a_database_that_hangs(
    log: EventLog, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(recording, "WRITE_SECONDS", 0.1)
    recorder = Recorder(Hanging(log.pool), lambda: NOW, days=1)
    async with asyncio.timeout(30), recorder.running():
        recorder.record(entry())
    assert "1 entries of the audit log are lost" in caplog.text


async def test_while_postgresql_is_away_entries_wait_and_what_is_too_much_is_counted(
    log: EventLog, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(recording, "HELD", 50)
    monkeypatch.setattr(recording, "TOGETHER", 20)
    monkeypatch.setattr(recording, "EVERY", 0.01)
    monkeypatch.setattr(recording, "SLOWLY", 0.01)
    audit = Away(log.pool)
    recorder = Recorder(audit, lambda: NOW, 10)
    with caplog.at_level(logging.WARNING, recording.__name__):
        async with recorder.running():
            for n in range(60):
                recorder.record(entry(n))
            assert await until(_said(caplog, "waits: ConnectionRefusedError"), within=30)
            audit.away = False
            assert await until(_said(caplog, "10 entries of the audit log were lost"), within=30)
    page = await audit.page(Wanted(school="riverside"), limit=100)
    assert [it.request_id for it in page] == [f"r-{n}" for n in reversed(range(50))]
    assert page[0].ids == {"idempotency_key": "k-49"}


def _said(caplog: pytest.LogCaptureFixture, text: str) -> Callable[[], Awaitable[bool]]:
    async def said() -> bool:
        return text in caplog.text

    return said


async def test_a_stop_in_good_order_writes_what_waits_and_what_is_counted(log: EventLog) -> None:
    audit = AuditLog(log.pool)
    recorder = Recorder(audit, lambda: NOW, 10)
    async with recorder.running():
        for n in range(3):
            recorder.record(entry(n))
            recorder.count(entry(n, status=401))
    page = await audit.page(Wanted(), limit=9)
    assert sorted((it.status, it.times) for it in page) == [
        *3 * [(200, 1)],
        (401, 1),
        (401, 2),
    ]


async def test_a_kind_is_counted_for_a_minute_and_then_told_with_its_last(log: EventLog) -> None:
    audit, clock = AuditLog(log.pool), [NOW]
    recorder = Recorder(audit, lambda: clock[0], 10)
    async with recorder.running():
        for n in range(5):
            recorder.count(entry(n, status=429))
            recorder.count(entry(n, status=429, caller="tok_2"))
        clock[0] += timedelta(minutes=2)

        async def told() -> bool:
            return len(await audit.page(Wanted(), limit=9)) == 4

        assert await until(told, within=30)
        recorder.count(entry(9, status=429))
    page = await audit.page(Wanted(caller="tok_1", statuses=[429]), limit=9)
    assert [(it.times, it.request_id) for it in page] == [(1, "r-9"), (4, "r-4"), (1, "r-0")]


async def test_an_entry_that_is_sent_twice_stands_once_and_pages_go_on(log: EventLog) -> None:
    audit, entries = AuditLog(log.pool), [entry(n // 2, actor=f"u-{n % 2}") for n in range(10)]
    await audit.append(entries)
    await audit.append(entries[:3])
    whole = await audit.page(Wanted(), limit=20)
    assert len(whole) == 10
    some, before = [], None
    while page := await audit.page(Wanted(), before=before, limit=3):
        some += page
        before = page[-1].at, page[-1].id
    assert some == whole
    narrow = Wanted("riverside", NOW, NOW + timedelta(milliseconds=2), actor="u-1")
    assert len(await audit.page(narrow, limit=20)) == 2
    assert await audit.page(Wanted("lakeside"), limit=20) == []
    assert await audit.page(Wanted(operation="x"), limit=20) == []


async def test_entries_are_forgotten_after_so_many_days(
    log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.store.audit.PIECE", 2)
    audit = AuditLog(log.pool)
    days = [entry(at=NOW - timedelta(days=n), request_id=f"r-{n}") for n in range(8)]
    await audit.append(days)
    async with Recorder(audit, lambda: NOW, 3).running():

        async def forgotten() -> bool:
            return len(await audit.page(Wanted(), limit=9)) == 4

        assert await until(forgotten, within=30)
    assert [it.request_id for it in await audit.page(Wanted(), limit=9)] == [
        f"r-{n}" for n in range(4)
    ]


async def test_the_command_line_shows_it_newest_first_and_of_no_school_too(
    log: EventLog, database_url: str
) -> None:
    refused = entry(2, status=401, school="", caller=None, actor=None, why="token_expired")
    await AuditLog(log.pool).append([entry(), entry(1, status=403), refused])
    servers = ("--database", database_url)
    shown = await asyncio.to_thread(coursemark, "audit", *servers)
    lines = shown.stdout.splitlines()
    assert (shown.returncode, len(lines)) == (0, 4), shown
    assert "token_expired" in lines[1]
    told = await asyncio.to_thread(
        coursemark, "audit", "riverside", "--status", "403", "--json", *servers
    )
    [one] = map(json.loads, told.stdout.splitlines())
    assert (one["request_id"], one["ids"]) == ("r-1", {"idempotency_key": "k-1"})
    wrong = await asyncio.to_thread(coursemark, "audit", "--since", "yesterday", *servers)
    assert wrong.returncode == 2
