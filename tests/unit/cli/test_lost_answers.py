"""What an API did without its answer (B1, B11), and what it is not asked for at all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from contracts.api.webhooks import NewEndpoint, RotateSecret
from contracts.client import AsyncClient, ProblemError, Retries
from services.cli.stack.remote import RemoteStack
from services.cli.stack.session import Session
from services.cli.stack.webhooks.port import MayBeMadeError
from services.operations.reading import UnknownOperationError
from services.webhooks.signing import read_secret
from tests.unit.client.conftest import answer, problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

ENDPOINT = f"ep_{24 * '0'}"
SHOWN = {"endpoint": ENDPOINT, "kind": "webhook", "url": "https://example.org/"} | {
    "completions": "all",
    "ordered": False,
    "concurrency": 16,
    "created_at": "2026-11-28T20:00:00Z",
    "state": "enabled",
}
ADD = NewEndpoint(url="https://example.org/")
OWN = f"whsec_{'c2Vj' * 8}"


def asked(
    work: Callable[[RemoteStack], Awaitable[Any]],
    answers: dict[str, list[httpx.Response | None]],
    actor: str | None = "ada",
) -> tuple[Any, list[str]]:
    """What it says, and the methods that the API heard; none for an answer: it is lost."""
    heard: list[str] = []

    def api(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/me":
            return answer(200, {"school": "riverside", "token": "t", "actor": actor})
        heard.append(request.method)
        given = answers[request.method].pop(0)
        if given is None:
            raise httpx.ReadError("lost")
        return given

    async def done() -> Any:
        few, transport = Retries(attempts=2), httpx.MockTransport(api)
        more: dict[str, Any] = {"retries": few, "transport": transport, "sleep": no_pause}
        async with AsyncClient("https://api.example", "cm_one", **more) as client:
            return await work(RemoteStack(Session(client)))

    return asyncio.run(done()), heard


async def no_pause(_: float) -> None:
    """Ask again at once."""


@pytest.mark.parametrize(
    ("first", "code", "exit_code"),
    [
        (None, "unreachable", 69),
        (httpx.Response(502, text="<h1>Bad gateway</h1>"), "unreadable", 69),
        (problem(500, "internal_error"), "internal_error", 69),
    ],
)
def test_b11_a_secret_that_may_be_in_force_is_told(
    first: httpx.Response | None, code: str, exit_code: int
) -> None:
    """Nobody else can tell it; the sentence does not hold it."""
    for work, endpoint in (
        (lambda it: it.webhooks.add("riverside", ADD), None),
        (lambda it: it.webhooks.rotate("riverside", ENDPOINT, RotateSecret(secret=OWN)), ENDPOINT),
    ):
        with pytest.raises(MayBeMadeError, match="webhooks list") as lost:
            asked(work, {"POST": [first] * 2})
        assert (lost.value.code, lost.value.exit_code) == (code, exit_code)
        assert lost.value.endpoint == endpoint
        assert len(read_secret(lost.value.secret)) >= 24
        assert lost.value.secret not in str(lost.value)


def test_b11_of_what_was_refused_no_secret_is_told() -> None:
    with pytest.raises(ProblemError) as refused:
        asked(lambda it: it.webhooks.add("riverside", ADD), {"POST": [problem(400, "url_refused")]})
    assert refused.value.code == "url_refused"


def test_b1_a_removal_whose_answer_was_lost_is_done() -> None:
    there = answer(200, SHOWN)
    gone = {"GET": [there], "DELETE": [None, problem(404, "unknown_endpoint")]}
    _, heard = asked(lambda it: it.webhooks.remove("riverside", ENDPOINT), gone)
    assert heard == ["GET", "DELETE", "DELETE"]
    with pytest.raises(Exception, match=ENDPOINT):
        asked(
            lambda it: it.webhooks.remove("riverside", ENDPOINT),
            {"GET": [problem(404, "unknown_endpoint")]},
        )


def test_what_can_be_no_id_is_not_asked_for() -> None:
    """Told as what is not there, as the servers themselves tell it."""
    assert asked(lambda it: it.result("riverside", "a b"), {}) == (None, [])
    for operation in (True, False):
        told = asked(lambda it, of=operation: it.sent("riverside", "a b", operation=of), {})
        assert told == ([], [])
    with pytest.raises(UnknownOperationError):
        asked(lambda it: it.report("riverside", "a b"), {})


@pytest.mark.parametrize(("actor", "said"), [(None, "of no user"), ("sam", "in the name of sam")])
def test_a1_whose_name_a_token_asks_in_is_told(actor: str | None, said: str) -> None:
    async def of_another(stack: RemoteStack) -> str | None:
        return await stack._session.of_another("ada")

    told, _ = asked(of_another, {}, actor)
    assert (said in told, "None" in told) == (True, False)
    assert asked(of_another, {}) == (None, [])
