"""Notices on Kafka become e-mails, once (M5); what is no notice is a dead letter (B2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest_asyncio

from contracts import topics
from contracts.envelope import Envelope, header, write
from contracts.notifications import EndpointDisabled
from services.mailer.consumer import Notices
from services.runtime.bus.client import connection
from services.runtime.bus.outbox import Message, Outbox
from services.runtime.embedded.waiting import until
from tests.integration.mailer.conftest import NOON, Scripted, ada, completed, notice
from tests.support.mail import mail_server
from tests.support.records import received
from tests.support.stack import parts, read, send, settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from contracts.directory import User
    from services.runtime.settings import Settings
    from tests.integration.mailer.conftest import Post

DISABLED = EndpointDisabled(school="riverside", endpoint="ep-1", cause="gone", disabled_at=NOON)


@pytest_asyncio.fixture
async def stack(embedded_kafka: str, database_url: str, topic_prefix: str) -> Settings:
    return settings(embedded_kafka, database_url, topic_prefix)


@pytest_asyncio.fixture
async def notices(post: Post, stack: Settings) -> AsyncIterator[Notices]:
    await send(stack, [])
    cluster = connection(stack, stack.kafka)
    async with Outbox(cluster) as outbox:
        yield Notices(post.ledger, outbox, cluster, 5, post.clock, lambda: None)


def at(prefix: str, message: Message, offset: int) -> Any:
    return received(message._replace(topic=f"{prefix}{message.topic}"), offset=offset)


async def test_m5_the_running_part_sends_each_attempt_once_whatever_comes_again(
    post: Post, stack: Settings
) -> None:
    people = [f"u-{n}" for n in range(10)]
    await post.knows(*(ada(user=it, email=f"{it}@learner.test") for it in people))
    wanted = [notice(completed(it, attempt=n)) for it in people for n in (1, 2)]
    await send(stack, [*wanted, *wanted])
    with mail_server() as server:
        to = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none"}
        chosen = stack.model_copy(
            update=to | {"mail_from": "no-reply@mail.test", "mail_per_second": 10_000}
        )

        async def all_sent() -> bool:
            left = "select count(*) from mails where state = 'sent'"
            return bool(await post.pool.fetchval(left) == 20)

        async with parts(chosen, "mailer"):
            assert await until(all_sent, within=60)
            await send(stack, [*wanted, notice(completed("u-0", attempt=3))])

            async def one_more() -> bool:
                return len(server.taken) >= 21

            assert await until(one_more, within=60)
    assert set(server.counted.values()) == {1}
    assert len(server.counted) == 21


async def test_b2_what_is_no_notice_is_told_and_its_neighbours_are_written_down(
    post: Post, stack: Settings, notices: Notices
) -> None:
    good = notice(completed())

    def bad(body: bytes, type_: str = "coursemark.notifications.completion_notice.v1") -> Message:
        return Message(topics.NOTIFICATIONS, b"k", body, write(Envelope("i", type_, "/t", body)))

    huge = completed(attempt=2).to_json().replace(b'"attempt":2', b'"attempt":1' + b"0" * 30)
    nul = completed(event_id="a\0").to_json()
    wrong = [
        good._replace(value=None),
        good._replace(headers=[]),
        bad(b"\xff"),
        bad(b"{}"),
        bad(huge),
        bad(nul),
        bad(b"{}", "coursemark.progress.learner_enrolled.v1"),
        notice(DISABLED, "id\0"),
    ]
    records = [at(stack.topic_prefix, it, n) for n, it in enumerate([*wrong, good])]
    await notices.handle(records)
    dead = await read(stack, topics.dead(topics.NOTIFICATIONS), len(wrong))
    codes = [(header(it.headers, "coursemark_error_code") or b"").decode() for it in dead]
    assert codes == [
        *("no_body", "missing_header", "not_utf8", "invalid_message", "invalid_message"),
        *("invalid_message", "unknown_type", "invalid_message"),
    ]
    assert await post.pool.fetchval("select count(*) from mails") == 1


async def test_a_disabled_endpoint_is_told_to_the_schools_administrators_once(
    post: Post, stack: Settings, notices: Notices
) -> None:
    def admin(name: str, **more: Any) -> User:
        return ada(user=name, email=f"{name}@staff.test", role_level="admin", **more)

    await post.knows(
        admin("a-1"),
        admin("a-2", language="de"),
        admin("b-1", school="lakeside"),
        ada(user="a-3", role_level="admin", email=None),
        ada(user="i-1", role_level="instructor"),
    )
    record = at(stack.topic_prefix, notice(DISABLED, "n-1"), 1)
    await notices.handle([record, record])
    await post.knows(admin("a-4"))  # became one since
    await notices.handle([record])
    way = Scripted()
    await post.mailer(way).step()
    assert sorted(it.recipient for it in way.letters) == ["a-1@staff.test", "a-2@staff.test"]
    assert any(b"abgeschaltet" in it.data for it in way.letters)
    await notices.handle([at(stack.topic_prefix, notice(DISABLED, "n-2"), 2)])
    await post.mailer(way).step()
    assert len(way.letters) == 5
