"""Only checked addresses are connected to, whatever a name means the next time it is asked."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp.abc import AbstractResolver

from services.webhooks.endpoints import Wanted
from services.webhooks.requests import Limits
from services.webhooks.urls import UrlRefusedError
from tests.integration.webhooks.conftest import webhook
from tests.support.receivers import receiver

if TYPE_CHECKING:
    from tests.integration.webhooks.conftest import Office

METADATA = "169.254.169.254"


class Names(AbstractResolver):
    """A name server that answers as a test wants, one answer after the other."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: int = socket.AF_INET,  # noqa: ARG002 - inherited
    ) -> Any:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            {
                "hostname": host,
                "host": it,
                "port": port,
                "family": socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
            for it in answer
        ]

    async def close(self) -> None:
        pass


async def test_a_name_that_changes_to_a_refused_address(office: Office) -> None:
    # DNS rebinding: the address that was checked is the one that is connected to, and each later
    # look-up is checked anew.
    names = Names(["127.0.0.1"], [METADATA])
    async with receiver() as there:
        endpoint = await office.endpoint(f"http://hooks.test:{there.port}/")
        await office.queue(webhook(1))
        await office.deliver(resolver=lambda: names)
        assert (len(there.seen), names.asked) == (1, 1)
        await office.queue(webhook(2))
        await office.deliver(resolver=lambda: names)
        assert (len(there.seen), names.asked) == (1, 2)
    assert (await office.deliveries(endpoint))[1] == ("msg_2", "pending", 1, "address_refused")


@pytest.mark.parametrize(
    "answer", [["127.0.0.1"], ["::ffff:127.0.0.1"], ["93.184.215.14", "127.0.0.1"]]
)
async def test_a_name_that_leads_inside(office: Office, answer: list[str]) -> None:
    # A school that nothing is allowed to: a name with one address inside is refused as a whole.
    async with receiver() as there:
        made = await office.endpoints.create(
            "strict", Wanted(f"https://hooks.test:{there.port}/"), office.clock()
        )
        await office.queue(webhook(1, school="strict"))
        await office.deliver(resolver=lambda: Names(answer))
        assert there.seen == []
    assert (await office.deliveries(made.endpoint))[0][3] == "address_refused"


@pytest.mark.parametrize("host", ["localhost", "0x7f.1", "0177.0.0.1", "2130706433", "127.1"])
async def test_this_machine_by_any_name(office: Office, host: str) -> None:
    # By the system's own resolver: names, and what it takes for an address in other writings.
    async with receiver() as there:
        endpoint = await office.endpoint(there.url)
        await office.endpoints.allow_private("riverside", allowed=False)
        await office.pool.execute(
            "update webhook_endpoints set url = $1", f"https://{host}:{there.port}/"
        )
        await office.queue(webhook(1))
        await office.deliver()
        assert there.seen == []
    assert (await office.deliveries(endpoint))[0][3] in {"address_refused", "url_refused"}


@pytest.mark.parametrize("host", ["nobody.invalid", f"{'x' * 64}.invalid", "a..b"])
async def test_a_name_that_nobody_has(office: Office, host: str) -> None:
    endpoint = await office.endpoint(f"https://{host}/")
    await office.queue(webhook(1))
    await office.deliver(limits=Limits(total=20, connect=20))
    assert (await office.deliveries(endpoint))[0][3] == "name_not_found"


async def test_permission_that_is_taken_back_holds_for_endpoints_that_exist(
    office: Office,
) -> None:
    # The URL is checked before each request, not only when the endpoint is made.
    async with receiver() as there:
        endpoint = await office.endpoint(there.url)
        await office.endpoints.allow_private("riverside", allowed=False)
        await office.queue(webhook(1))
        await office.deliver()
        assert there.seen == []
    assert (await office.deliveries(endpoint))[0][3] == "url_refused"


async def test_no_endpoint_is_made_for_a_url_inside(office: Office) -> None:
    with pytest.raises(UrlRefusedError):
        await office.endpoints.create("strict", Wanted("https://10.0.0.7/"), office.clock())
    assert await office.endpoints.list("strict") == []
