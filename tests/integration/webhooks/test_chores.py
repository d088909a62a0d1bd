"""Notices go out at least once under one id; what is old is swept away, and nothing else."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from contracts.envelope import header
from services.runtime.bus.outbox import Message, OutboxError
from services.webhooks.chores import KEPT, Chores
from services.webhooks.notices import send_notices
from tests.integration.webhooks.conftest import webhook
from tests.support.receivers import receiver, says, status

if TYPE_CHECKING:
    from tests.integration.webhooks.conftest import Office


async def test_a_notice_that_was_not_acknowledged_is_sent_again_under_the_same_id(
    office: Office,
) -> None:
    # A crash after sending and before the mark comes to the same: it is due until it is marked.
    sent: list[Message] = []

    async def fails(messages: list[Message]) -> None:
        sent.extend(messages)
        raise OutboxError("not acknowledged")

    async def works(messages: list[Message]) -> None:
        sent.extend(messages)

    async with receiver(says(status(410))) as there:
        endpoint = await office.endpoint(there.url)
        await office.queue(webhook(1))
        await office.deliver()
        with suppress(OutboxError):
            await send_notices(office.pool, fails)
        assert await send_notices(office.pool, works) == 1
        assert await send_notices(office.pool, works) == 0
        first, second = (header(it.headers, "ce_id") for it in sent)
        assert first == second
        office.clock.pass_by(hours=1)
        await office.endpoints.enable("riverside", endpoint, office.clock())
        await office.deliver()
        assert await send_notices(office.pool, works) == 1
    assert header(sent[2].headers, "ce_id") != first, "disabled anew, told anew"


async def test_an_administrator_who_disables_it_needs_no_notice(office: Office) -> None:
    endpoint = await office.endpoint("https://example.org/")
    await office.endpoints.disable("riverside", endpoint, office.clock())

    async def nobody(messages: list[Message]) -> None:
        pytest.fail(f"{messages} were sent")

    assert await send_notices(office.pool, nobody) == 0


async def test_what_is_old_is_swept_away_and_what_waits_is_kept(office: Office) -> None:
    # Thirty days: delivered and parked messages, and attempts; what is pending stays, whatever
    # its age, and what is younger too.
    async with receiver() as there:
        done = await office.endpoint(there.url)
        await office.queue(webhook(1))
        await office.deliver()
        waiting = await office.endpoint(there.url, courses=["biology"])
        await office.queue(webhook(2, course="biology"))
        office.clock.pass_by(days=KEPT.days + 1)
        await office.queue(webhook(3))
        chores = Chores(office.pool, _nobody, clock=office.clock, patience_seconds=5)
        await chores.sweep()
        assert [it[0] for it in await office.deliveries(done)] == ["msg_2", "msg_3"]
        assert [it[0] for it in await office.deliveries(waiting)] == ["msg_2"]
        assert await office.attempts(done) == []
        messages = await office.pool.fetch("select message from webhook_messages order by seq")
        assert [it[0] for it in messages] == ["msg_2", "msg_3"]
        await office.deliver()
    assert timedelta(days=30) == KEPT
    assert there.ids.count("msg_1") == 1
    assert sorted(there.ids[1:]) == ["msg_2", "msg_2", "msg_3"]


async def _nobody(_: list[Message]) -> None:
    pass
