"""Receivers that do not do well, each on a real socket: what is written down, and what comes next.

Nothing of it loses a message, and nothing holds up another endpoint.
"""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
import trustme

from services.webhooks.requests import KEPT, Limits
from tests.integration.webhooks.conftest import webhook
from tests.support.receivers import (
    TAKEN,
    endless,
    hangs,
    receiver,
    resets,
    says,
    status,
    unused_port,
)

if TYPE_CHECKING:
    from tests.integration.webhooks.conftest import Office
    from tests.support.receivers import Line, Request


async def test_500_is_tried_again_later_and_its_answer_kept(office: Office) -> None:
    # B11: the log of attempts has status and first bytes; the retry has the same id.
    async with receiver(says(status(500, body=b"x" * 2_000), TAKEN)) as there:
        endpoint = await office.endpoint(there.url)
        await office.queue(webhook(1))
        await office.deliver()
        assert await office.deliveries(endpoint) == [("msg_1", "pending", 1, "http_500")]
        assert await office.deliver() == 0, "it is not due yet"
        office.clock.pass_by(seconds=7)
        await office.deliver()
    assert there.ids == ["msg_1", "msg_1"]
    assert await office.deliveries(endpoint) == [("msg_1", "delivered", 2, None)]
    assert await office.attempts(endpoint) == [(500, "http_500", b"x" * KEPT), (204, None, b"")]


async def test_a_receiver_that_hangs_is_given_up_in_time(office: Office) -> None:
    # Slow and hanging: a bound on the whole request, and the connection is closed.
    async with receiver(hangs) as there:
        endpoint = await office.endpoint(there.url)
        await office.queue(webhook(1))
        await office.deliver(limits=Limits(total=0.2))
        async with asyncio.timeout(10):
            await there.hung_up.wait()
    assert await office.deliveries(endpoint) == [("msg_1", "pending", 1, "timeout")]


async def test_a_receiver_that_dribbles_its_headers_is_given_up_in_time(office: Office) -> None:
    async def slow(_: Request, line: Line) -> None:
        line.writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            line.writer.write(b"X: y\r\n")
            await line.writer.drain()
            await asyncio.sleep(0.01)

    async with receiver(slow) as there:
        endpoint = await office.endpoint(there.url)
        await office.queue(webhook(1))
        await office.deliver(limits=Limits(total=0.2))
    [(_, state, _, code)] = await office.deliveries(endpoint)
    assert (state, code in {"timeout", "answer_illegible"}) == ("pending", True)


async def test_slow_receivers_hold_up_nobody(office: Office) -> None:
    # One that hangs and one that does well: the second has everything before the first times out.
    async with receiver(hangs) as bad, receiver() as good:
        await office.endpoint(bad.url, courses=["algebra"])
        await office.endpoint(good.url, courses=["biology"])
        await office.queue(*(webhook(n) for n in range(5)))
        await office.queue(*(webhook(n, course="biology") for n in range(100, 150)))
        delivering = asyncio.create_task(office.deliver(limits=Limits(total=20)))
        async with asyncio.timeout(15):
            while len(good.seen) < 50:
                assert not delivering.done()
                await asyncio.sleep(0.01)
        assert bad.most_under_way <= 2
        delivering.cancel()
        await asyncio.gather(delivering, return_exceptions=True)


async def test_410_disables_at_once_parks_and_tells(office: Office) -> None:
    # B11: 410 disables the endpoint; what waits is parked, and what comes is parked too.
    async with receiver(says(status(410))) as there:
        endpoint = await office.endpoint(there.url, concurrency=1)
        await office.queue(*(webhook(n) for n in range(3)))
        await office.deliver()
        await office.queue(webhook(3))
    assert len(there.seen) == 1
    assert {state for _, state, _, _ in await office.deliveries(endpoint)} == {"parked"}
    found = await office.endpoints.get("riverside", endpoint)
    assert (found.state, found.cause, found.disabled_at) == ("disabled", "gone", office.clock())
    assert await office.deliver() == 0


@pytest.mark.parametrize("code", [429, 503])
async def test_retry_after_is_respected(office: Office, code: int) -> None:
    # Seconds and an HTTP date alike; the whole endpoint waits.
    when = format_datetime(office.clock() + timedelta(seconds=130), usegmt=True)
    answers = says(status(code, "Retry-After: 120"), status(code, f"Retry-After: {when}"), TAKEN)
    async with receiver(answers) as there:
        endpoint = await office.endpoint(there.url, concurrency=1)
        await office.queue(webhook(1), webhook(2))
        await office.deliver()
        office.clock.pass_by(seconds=119)
        assert await office.deliver() == 0
        assert len(there.seen) == 1
        office.clock.pass_by(seconds=2)
        await office.deliver()
        assert len(there.seen) == 2
        office.clock.pass_by(seconds=8)
        assert await office.deliver() == 0
        office.clock.pass_by(hours=1)
        await office.deliver()
    assert {state for _, state, _, _ in await office.deliveries(endpoint)} == {"delivered"}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def serving(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


async def test_tls_is_verified(office: Office, authority: trustme.CA) -> None:
    # A certificate of nobody that we know, and one for another name, are refused before any byte
    # of the message is sent; the right one is taken.
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    async with (
        receiver(tls=serving(authority, "127.0.0.1")) as right,
        receiver(tls=serving(authority, "elsewhere.test")) as other_name,
        receiver(tls=serving(trustme.CA(), "127.0.0.1")) as unknown,
    ):
        endpoints = [await office.endpoint(it.url) for it in (right, other_name, unknown)]
        await office.queue(webhook(1))
        await office.deliver(tls=trusting)
    codes = [(await office.deliveries(it))[0][3] for it in endpoints]
    assert codes == [None, "tls_failed", "tls_failed"]
    assert [len(it.seen) for it in (right, other_name, unknown)] == [1, 0, 0]


async def test_plain_http_behind_https_is_refused(office: Office) -> None:
    async with receiver() as plain:
        endpoint = await office.endpoint(plain.url.replace("http://", "https://"))
        await office.queue(webhook(1))
        await office.deliver()
    [(_, state, _, code)] = await office.deliveries(endpoint)
    assert (state, code in {"tls_failed", "timeout", "disconnected"}) == ("pending", True)
    assert plain.seen == []


async def test_no_redirect_is_followed(office: Office) -> None:
    # Not to a private address, and to no other: where to send is the endpoint's URL alone.
    async with receiver() as private, receiver() as there:
        there.answer = says(status(307, f"Location: {private.url}"))
        endpoint = await office.endpoint(there.url)
        await office.queue(webhook(1))
        await office.deliver()
    assert private.seen == []
    assert await office.deliveries(endpoint) == [("msg_1", "pending", 1, "redirect")]


async def test_an_endless_answer_is_cut_off(office: Office) -> None:
    # It was taken, the status says so; what follows is read up to a bound and hung up on.
    async with receiver(endless) as there:
        endpoint = await office.endpoint(there.url)
        await office.queue(webhook(1))
        async with asyncio.timeout(30):
            await office.deliver(limits=Limits(total=120))
            await there.hung_up.wait()
    assert await office.attempts(endpoint) == [(200, None, b"x" * KEPT)]


@pytest.mark.parametrize(
    "garbage",
    [
        b"no http at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\x00\xff: \x01\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"HTTP/9.9 999 \xff\r\n\r\n",
    ],
    ids=["text", "length", "bytes", "long", "version"],
)
async def test_garbage_is_a_failure_with_a_code(office: Office, garbage: bytes) -> None:
    async def answer(_: Request, line: Line) -> None:
        line.writer.write(garbage)
        await line.writer.drain()
        raise ConnectionResetError

    async with receiver(answer) as there:
        endpoint = await office.endpoint(there.url)
        await office.queue(webhook(1))
        await office.deliver()
    [(_, state, _, code)] = await office.deliveries(endpoint)
    assert state == "pending"
    assert code in {"answer_illegible", "disconnected", "http_999"}


async def test_a_reset_connection_and_a_closed_port(office: Office) -> None:
    async with receiver(resets) as there:
        one = await office.endpoint(there.url)
        two = await office.endpoint(f"http://127.0.0.1:{unused_port()}/")
        await office.queue(webhook(1))
        await office.deliver()
    codes = [(await office.deliveries(it))[0][3] for it in (one, two)]
    assert codes == ["disconnected", "not_reachable"]


async def test_compressed_answers_are_left_as_they_are(office: Office) -> None:
    # A bomb stays as small as it is.
    async with receiver(says(status(200, "Content-Encoding: gzip", body=b"bomb"))) as there:
        endpoint = await office.endpoint(there.url)
        await office.queue(webhook(1))
        await office.deliver()
    assert await office.attempts(endpoint) == [(200, None, b"bomb")]


async def test_dead_for_days_it_is_disabled_parked_told_of_and_drained(office: Office) -> None:
    # Virtual clock: tried ever more rarely, disabled after five days, nothing lost; enabled, it
    # gets all of it, in order of arrival.
    began, tries = office.clock(), 0
    async with receiver(says(status(500))) as there:
        endpoint = await office.endpoint(there.url, concurrency=2)
        await office.queue(*(webhook(n) for n in range(20)))
        while (await office.endpoints.get("riverside", endpoint)).state == "enabled":
            assert office.clock() - began < timedelta(days=7)
            tries += await office.deliver()
            office.clock.pass_by(hours=2)
        seen = len(there.seen)
        found = await office.endpoints.get("riverside", endpoint)
        assert found.cause == "failing"
        assert found.failing_since == began
        assert timedelta(days=5) <= office.clock() - began < timedelta(days=5, hours=5)
        assert {it[1] for it in await office.deliveries(endpoint)} == {"parked"}
        assert seen < 20 + 100, "an open breaker lets a probe through now and then"
        there.answer = says(TAKEN)
        assert await office.endpoints.enable("riverside", endpoint, office.clock()) == 20
        await office.deliver()
    assert {it.id for it in there.seen[seen:]} == {f"msg_{n}" for n in range(20)}
    assert len(there.seen) == seen + 20
    assert {it[1] for it in await office.deliveries(endpoint)} == {"delivered"}


async def test_a_schedule_that_ends_parks_the_delivery(office: Office) -> None:
    # Three days of attempts for one message that the receiver never takes, while it takes others.
    async def picky(request: Request, line: Line) -> None:
        line.writer.write(status(400) if request.id == "msg_1" else TAKEN)

    async with receiver(picky) as there:
        endpoint = await office.endpoint(there.url)
        await office.queue(webhook(1))
        for number in range(2, 12):
            await office.queue(webhook(number))
            await office.deliver()
            office.clock.now = await office.next_at(endpoint) or office.clock.now
    assert there.ids.count("msg_1") == 10
    [first, *others] = await office.deliveries(endpoint)
    assert first == ("msg_1", "parked", 10, "http_400")
    assert {it[1] for it in others} == {"delivered"}
    assert datetime.now(UTC) + timedelta(days=2) < office.clock.now
