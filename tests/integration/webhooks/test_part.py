"""The running part on real brokers: from the topics to the receivers, and back as a notice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from contracts import topics
from contracts.envelope import header
from services.runtime.embedded.waiting import until
from services.store.migrations import migrate
from services.store.pool import open_pool
from tests.integration.webhooks.conftest import Office, on_kafka, webhook, zap
from tests.support.receivers import receiver, says, status
from tests.support.stack import parts, read, send, settings

if TYPE_CHECKING:
    from services.runtime.bus.outbox import Message

GONE = "coursemark.notifications.endpoint_disabled.v1"


async def test_from_the_topics_to_the_receivers_and_a_notice(
    kafka: str, database_url: str, topic_prefix: str
) -> None:
    # Bad input between good messages becomes dead letters with stable codes; the good ones are
    # delivered; an endpoint that is gone is told of once, under a stable id.
    chosen = settings(kafka, database_url, topic_prefix)
    pool = await open_pool(database_url)
    await migrate(pool)
    office = Office(pool)
    good = on_kafka(webhook(1))
    async with receiver() as there, receiver() as zapier, receiver(says(status(410))) as gone:
        await office.endpoint(there.url)
        await office.endpoint(zapier.url, kind="zapier")
        lost = await office.endpoint(gone.url, courses=["biology"])
        await send(chosen, [good, *bad(good), on_kafka(zap(1)), on_kafka(webhook(2))])
        await send(chosen, [on_kafka(webhook(3, course="biology"))])
        async with parts(chosen, "webhook-dispatcher"):

            async def came() -> bool:
                return len(there.seen) >= 3 and len(zapier.seen) >= 1 and len(gone.seen) >= 1

            assert await until(came, within=60)
            [notice] = await read(chosen, topics.NOTIFICATIONS, 1)
            dead = await read(chosen, topics.dead(topics.WEBHOOKS), 4)
            await send(chosen, [good, on_kafka(webhook(4))])

            async def went_on() -> bool:
                return "msg_4" in there.ids

            assert await until(went_on, within=60)
    assert sorted(there.ids) == ["msg_1", "msg_2", "msg_3", "msg_4"]
    assert zapier.ids == ["msg_1"]
    assert sorted(code(it) for it in dead) == [
        "invalid_message",
        "not_json",
        "unknown_type",
        "wrong_key",
    ]
    assert header(notice.headers, "ce_type") == GONE.encode()
    told = json.loads(notice.value)
    assert (told["school"], told["endpoint"], told["cause"]) == ("riverside", lost, "gone")
    assert notice.key == b"riverside"
    assert not await pool.fetchval("select count(*) from webhook_endpoints where notice_due")
    await pool.close()


def bad(good: Message) -> list[Message]:
    """Each wrong in one way."""
    other_type = [
        (name, b"coursemark.zapier.zap.v1" if name == "ce_type" else value)
        for name, value in good.headers
    ]
    return [
        good._replace(value=b"{"),
        good._replace(value=(good.value or b"").replace(b"msg_1", b"msg.1\\r\\nx: y")),
        good._replace(headers=other_type),
        good._replace(key=b"riverside/somebody-else"),
    ]


def code(letter: object) -> str:
    found = header(letter.headers, "coursemark_error_code")  # type: ignore[attr-defined]
    return (found or b"").decode()
