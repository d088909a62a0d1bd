"""Webhooks from the command line: the secret once, what became of messages, sending again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.webhooks.deliveries import Deliveries
from tests.integration.webhooks.conftest import webhook
from tests.support.command_line import Done, coursemark, json_lines
from tests.support.receivers import TAKEN, receiver, says, status

if TYPE_CHECKING:
    from tests.integration.webhooks.conftest import Office


async def call(url: str, *words: str, **more: Any) -> Done:
    return await asyncio.to_thread(coursemark, "webhooks", *words, "--database", url, **more)


async def test_a_secret_is_shown_once(office: Office, database_url: str) -> None:
    added = await call(
        database_url, "add", "riverside", "https://example.org/in", "--completions", "manual"
    )
    assert added.returncode == 0, added
    words = added.stdout.split()
    endpoint, secret = words[1], words[3]
    assert secret.startswith("whsec_")
    for again in (("list",), ("list", "--json")):
        listed = await call(database_url, again[0], "riverside", *again[1:])
        assert endpoint in listed.stdout
        assert secret not in listed.stdout
    shown = await call(database_url, "show", "riverside", endpoint)
    assert "https://example.org/in" in shown.stdout
    assert secret[6:] not in shown.stdout
    assert (await office.endpoints.get("riverside", endpoint)).completions == "manual"


async def test_wrong_wishes_are_refused_with_a_sentence(database_url: str, office: Office) -> None:
    # A3 among them: an endpoint of one school is unknown to another.
    endpoint = await office.endpoint("https://example.org/")
    for words, code in (
        (("add", "riverside2", "http://example.org/"), "url_refused"),
        (("add", "riverside2", "https://10.0.0.1/"), "url_refused"),
        (("show", "lakeside", endpoint), "unknown_endpoint"),
        (("disable", "lakeside", endpoint), "unknown_endpoint"),
    ):
        refused = await call(database_url, *words)
        assert refused.returncode == 2, refused
        assert f"[{code}]" in refused.stderr
        assert "Traceback" not in refused.stderr
    assert (await office.endpoints.get("riverside", endpoint)).state == "enabled"


async def test_what_failed_is_seen_and_sent_again(office: Office, database_url: str) -> None:
    # B11: delivery log and replay: one, a range of time, all that failed; under the same ids.
    async with receiver(says(status(410, body=b"gone\n"))) as there:
        endpoint = await office.endpoint(there.url)
        await office.queue(webhook(1))
        await office.deliver()
        await office.queue(webhook(2))
        listed = await call(database_url, "deliveries", "riverside", endpoint, "--json")
        assert {it["state"] for it in json_lines(listed.stdout)} == {"parked"}
        tried = await call(database_url, "attempts", "riverside", endpoint, "msg_1")
        assert "410" in tried.stdout
        assert "gone\\n" in tried.stdout
        refused = await call(database_url, "resend", "riverside", endpoint, "--failed")
        assert (refused.returncode, "endpoint_disabled" in refused.stderr) == (1, True)
        there.answer = says(TAKEN)
        enabled = await call(database_url, "enable", "riverside", endpoint, "--leave-parked")
        assert enabled.returncode == 0
        one = await call(database_url, "resend", "riverside", endpoint, "msg_2")
        assert one.returncode == 0, one
        office.clock.now = datetime.now(UTC) + timedelta(seconds=1)
        await office.deliver()
        assert there.ids == ["msg_1", "msg_2"]
        rest = await call(database_url, "resend", "riverside", endpoint, "--failed")
        assert rest.stderr.startswith("1 messages")
        office.clock.pass_by(seconds=60)
        await office.deliver()
        assert there.ids == ["msg_1", "msg_2", "msg_1"]
        refused = await call(
            database_url, "resend", "riverside", endpoint, "--failed", "--delivered"
        )
        assert refused.returncode == 2
        nothing = await call(database_url, "resend", "riverside", endpoint, "--until", "2020-01-01")
        assert nothing.returncode == 1
        everything = await call(
            *(database_url, "resend", "riverside", endpoint),
            *("--since", "2020-01-01", "--delivered"),
        )
        assert everything.stderr.startswith("2 messages")


async def test_a_test_event_goes_to_its_endpoint_alone(office: Office) -> None:
    # Whatever the endpoint asks for, and signed like any other.
    async with receiver() as there, receiver() as other:
        endpoint = await office.endpoint(there.url, completions="manual")
        await office.endpoint(other.url)
        id_ = await Deliveries(office.pool).test("riverside", endpoint, office.clock())
        await office.deliver()
        [attempt] = await Deliveries(office.pool).attempts("riverside", endpoint, id_)
    assert [(it.id, it.json["trigger"]) for it in there.seen] == [(id_, "test")]
    assert (attempt.status, other.seen) == (204, [])
