"""What is in the queue: once, for the right endpoints, in order, parked, sent again."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from services.webhooks.queue import Queue
from tests.integration.webhooks.conftest import webhook
from tests.support.receivers import TAKEN, receiver, says, status

if TYPE_CHECKING:
    from tests.integration.webhooks.conftest import Office
    from tests.support.receivers import Line, Request


async def test_a_message_that_comes_again_is_queued_once(office: Office) -> None:
    # At least once in, once in the queue: offsets that were not committed bring a batch again,
    # also after it was delivered.
    async with receiver() as there:
        endpoint = await office.endpoint(there.url)
        await office.queue(webhook(1), webhook(2), webhook(1))
        await office.deliver()
        await office.queue(webhook(1), webhook(2), webhook(3))
        await office.deliver()
    assert sorted(there.ids) == ["msg_1", "msg_2", "msg_3"]
    assert len(await office.deliveries(endpoint)) == 3


async def test_an_endpoint_never_sees_another_schools_event(office: Office) -> None:
    # A3: same learner, same course, same ids, two schools.
    async with receiver() as here, receiver() as elsewhere:
        await office.endpoint(here.url, "riverside")
        await office.endpoint(elsewhere.url, "lakeside")
        await office.queue(webhook(1), webhook(1, school="lakeside"), webhook(2, school="nobody"))
        await office.deliver()
    assert [it.json["school_id"] for it in here.seen] == ["riverside"]
    assert [it.json["school_id"] for it in elsewhere.seen] == ["lakeside"]


async def test_filters_by_trigger_course_and_manual(office: Office) -> None:
    # M11, B11: what an endpoint asked for and nothing else.
    async with receiver() as manual, receiver() as courses, receiver() as resets:
        await office.endpoint(manual.url, completions="manual")
        await office.endpoint(courses.url, courses=["biology"])
        await office.endpoint(resets.url, triggers=["progress_reset"])
        await office.queue(
            webhook(1),
            webhook(2, manual=True),
            webhook(3, course="biology"),
            webhook(4, trigger="progress_reset", manual=None),
        )
        await office.deliver()
    assert (manual.ids, courses.ids, resets.ids) == (["msg_2"], ["msg_3"], ["msg_4"])


async def test_order_per_learner_waits_for_the_one_before(office: Office) -> None:
    # Ada's first is refused: her second waits for it, Bob's do not; parked, it waits no more.
    async def not_the_first(request: Request, line: Line) -> None:
        line.writer.write(status(500) if request.id == "msg_1" else TAKEN)

    async with receiver(not_the_first) as there:
        await office.endpoint(there.url, ordered=True)
        await office.queue(
            webhook(1), webhook(2), webhook(3, learner="bob"), webhook(4, learner="bob")
        )
        await office.deliver()
        assert sorted(there.ids) == ["msg_1", "msg_3", "msg_4"]
        assert there.ids.index("msg_3") < there.ids.index("msg_4")
        office.clock.pass_by(seconds=7)
        there.answer = says(TAKEN)
        await office.deliver()
    assert there.ids[3:] == ["msg_1", "msg_2"]


async def test_many_learners_in_order_past_a_page(office: Office) -> None:
    # More learners and more messages of each than are fetched at once.
    async with receiver() as there:
        await office.endpoint(there.url, ordered=True, concurrency=2)
        await office.queue(*(webhook(n, learner=f"u{n % 40}") for n in range(200)))
        await office.deliver()
    assert len(there.ids) == 200
    for learner in range(40):
        mine = [int(it[4:]) for it in there.ids if int(it[4:]) % 40 == learner]
        assert mine == sorted(mine)
    assert there.most_under_way <= 2


async def test_a_disabled_endpoint_parks_and_drains_when_enabled(office: Office) -> None:
    async with receiver() as there:
        endpoint = await office.endpoint(there.url)
        await office.queue(webhook(1))
        assert await office.endpoints.disable("riverside", endpoint, office.clock()) == 1
        await office.queue(webhook(2))
        assert await office.deliver() == 0
        assert await office.endpoints.enable("riverside", endpoint, office.clock()) == 2
        await office.deliver()
    assert there.ids == ["msg_1", "msg_2"]


async def test_two_dispatchers_share_and_a_lost_lease_is_taken_over(office: Office) -> None:
    # An endpoint is one dispatcher's; when its lease has ended, another's, under the same ids.
    async with receiver() as there:
        await office.endpoint(there.url)
        await office.queue(webhook(1))
        queue, until = Queue(office.pool), office.clock() + timedelta(seconds=30)
        [held] = await queue.claim(uuid4(), office.clock(), until, 10)
        assert [it.message for it in await queue.fetch(held, office.clock(), [], 10)] == ["msg_1"]
        assert await office.deliver() == 0, "it is another's"
        office.clock.pass_by(seconds=31)
        assert await office.deliver() == 1
        assert await queue.renew([(held.endpoint, held.lease)], until) == [
            (held.endpoint, held.lease)
        ]
    assert there.ids == ["msg_1"]


async def test_a_rotated_secret_overlaps(office: Office) -> None:
    # Standard Webhooks: both sign until the overlap is over, then the new one alone.
    async with receiver() as there:
        endpoint = await office.endpoint(there.url)
        old = office.secrets[endpoint]
        made = await office.endpoints.rotate(
            "riverside", endpoint, office.clock(), timedelta(seconds=60)
        )
        await office.queue(webhook(1))
        await office.deliver()
        office.clock.pass_by(seconds=61)
        await office.queue(webhook(2))
        await office.deliver()
    first, second = there.seen
    for secret in (old, made.secret):
        assert Verifier(secret).verify(first.body, first.headers)["id"] == "msg_1"
    assert Verifier(made.secret).verify(second.body, second.headers)["id"] == "msg_2"
    with pytest.raises(WebhookVerificationError):
        Verifier(old).verify(second.body, second.headers)


async def test_a_rate_is_kept_to(office: Office) -> None:
    # Zapier takes 30 a second for a hook: the gaps between requests, by the loop's clock.
    times: list[float] = []

    async def noting(_: Request, line: Line) -> None:
        times.append(asyncio.get_running_loop().time())
        line.writer.write(TAKEN)

    async with receiver(noting) as there:
        await office.endpoint(there.url, rate=20)
        await office.queue(*(webhook(n) for n in range(11)))
        await office.deliver()
    assert len(times) == 11
    assert times[-1] - times[0] >= 10 / 20 * 0.9


async def test_a_fault_of_ours_costs_one_message_an_attempt_and_no_other_anything(
    office: Office,
) -> None:
    # Rows that no intake has written: the message waits, is seen, and holds up nobody.
    async with receiver() as there:
        endpoint = await office.endpoint(there.url)
        await office.queue(webhook(1), webhook(2))
        await office.pool.execute("update webhook_messages set body = '{' where message = 'msg_1'")
        await office.deliver()
    assert there.ids == ["msg_2"]
    assert (await office.deliveries(endpoint))[0] == ("msg_1", "pending", 1, "internal_error")


async def test_no_secret_name_or_path_in_logs(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    # Secrets, names, addresses of learners and the paths of URLs stay out of logs, at any level,
    # while deliveries succeed, fail and an endpoint is disabled.
    caplog.set_level(logging.DEBUG)
    await office.user("ada", "Ada Lovelace", "ada@example.org")
    async with receiver(says(TAKEN, status(500), status(410))) as there:
        endpoint = await office.endpoint(f"{there.url}/t0ken", concurrency=1)
        await office.queue(*(webhook(n) for n in range(4)))
        await office.deliver()
    assert endpoint in caplog.text
    for hidden in (office.secrets[endpoint][6:], "Ada", "ada@example.org", "t0ken"):
        assert hidden not in caplog.text
