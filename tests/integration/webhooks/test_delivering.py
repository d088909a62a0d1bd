"""What is queued arrives, signed, once under one id, where it is wanted and nowhere else (B11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standardwebhooks import Webhook as Verifier

from tests.integration.webhooks.conftest import webhook, zap
from tests.support.receivers import receiver

if TYPE_CHECKING:
    from tests.integration.webhooks.conftest import Office


async def test_a_webhook_arrives_signed_with_the_name_of_now(office: Office) -> None:
    # B11: headers and signature as Standard Webhooks has them, checked by its own package; name
    # and address come from the directory when it is sent, and are gone with the user.
    await office.user("ada", "Ada Lovelace", "ada@example.org")
    async with receiver() as there:
        endpoint = await office.endpoint(there.url)
        await office.queue(webhook(1), webhook(2, learner="bob"))
        assert await office.deliver() == 1
    verifier = Verifier(office.secrets[endpoint])
    by_id = {it.id: verifier.verify(it.body, it.headers) for it in there.seen}
    assert by_id["msg_1"]["data"]["user"] == {
        "id": "ada",
        "name": "Ada Lovelace",
        "email": "ada@example.org",
    }
    assert by_id["msg_2"]["data"]["user"] == {"id": "bob"}
    assert by_id["msg_1"]["version"] == 2
    assert by_id["msg_1"]["type"] == "courseCompleted"
    assert there.seen[0].headers["content-type"] == "application/json"
    assert await office.deliveries(endpoint) == [
        ("msg_1", "delivered", 1, None),
        ("msg_2", "delivered", 1, None),
    ]


async def test_a_zap_is_flat(office: Office) -> None:
    # The two topics do not mix: Zapier's hooks get Zaps, webhooks get webhooks.
    await office.user("ada", "Ada Lovelace", "ada@example.org")
    async with receiver() as zapier, receiver() as other:
        await office.endpoint(zapier.url, kind="zapier")
        await office.endpoint(other.url)
        await office.queue(zap(1), webhook(1))
        await office.deliver()
    assert [it.json["user_email"] for it in zapier.seen] == ["ada@example.org"]
    assert [it.json["data"]["user"]["id"] for it in other.seen] == ["ada"]
