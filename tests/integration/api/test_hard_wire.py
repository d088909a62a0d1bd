"""Bad input over real HTTP, as bytes: heads, headers and framing that no library would send."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from tests.integration.api.test_commands import OF
from tests.support.wire import exchanged, request

if TYPE_CHECKING:
    from tests.integration.api.conftest import Api
    from tests.support.wire import Answer

ENROL = b"/v1/commands/enroll-learner"
BODY = json.dumps(OF).encode()
KEY = b'Idempotency-Key: "wire"'
LONG = 100_000
ME = request("GET", b"/v1/me")


async def _one(api: Api, sent: bytes) -> Answer:
    [answer] = await exchanged(api.where, sent)
    return answer


async def _still_answers(api: Api) -> None:
    assert (await api.ask("GET", "/v1/me", await api.token())).status == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET /v1/me HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
        b"GET /v1/me HTTP/1.1\r\nHost: a\r\nX: a\rInjected: b\r\n\r\n",
        b"GET /v1/me HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET /v1/me HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /v1/me HTTP/1.1\r\n\r\n",
        b"GET /v1/me\xff HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /v1/me HTTP/two\r\nHost: a\r\n\r\n",
        b"GET /v1/me HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
        b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /v1/me HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 50_000 + b"\r\n",
    ],
    ids=lambda it: repr(it[:40]),
)
async def test_a_head_that_is_none_is_400_and_ends_the_connection(api: Api, sent: bytes) -> None:
    answers = await exchanged(api.where, sent + ME, 2)
    statuses = [it.status for it in answers]
    assert statuses == [400] or (len(sent) > LONG and not statuses)  # it was still being sent
    await _still_answers(api)


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: -1",
        b"Content-Length: 1\r\nContent-Length: 2",
        b"Content-Length: 99999999999999999999999999",
        b"Content-Length: 0x10",
        b"Transfer-Encoding: gzip",
        b"Transfer-Encoding: chunked, chunked",
    ],
)
async def test_a_length_that_is_none_is_refused(api: Api, framing: bytes) -> None:
    token = await api.token()
    answer = await _one(api, request("POST", ENROL, token, KEY, framing) + BODY)
    assert 400 <= answer.status <= 501
    assert answer.status != 500
    await _still_answers(api)


async def test_chunks_that_lie_about_their_length_are_no_body(api: Api) -> None:
    token = await api.token()
    head = request("POST", ENROL, token, KEY, b"Transfer-Encoding: chunked")
    chunk = b"%x\r\n%s\r\n" % (len(BODY), BODY)
    assert (await _one(api, head + chunk + b"0\r\n\r\n")).status == 202
    for lie in (b"zz\r\n" + BODY, b"-5\r\n" + BODY, b"2\r\n" + BODY, b"f" * 30 + b"\r\n" + BODY):
        answers = await exchanged(api.where, head + lie + b"\r\n0\r\n\r\n" + ME, 2)
        assert len(answers) <= 1, lie  # what follows a lie is not taken for a request
        assert all(400 <= it.status < 500 for it in answers), lie
    await _still_answers(api)


async def test_a_length_and_chunks_at_once_smuggle_nothing(api: Api) -> None:
    token = await api.token()
    both = (KEY, b"Content-Length: %d" % len(BODY), b"Transfer-Encoding: chunked")
    smuggled = b"0\r\n\r\n" + request("DELETE", b"/v1/smuggled", token)
    answers = await exchanged(api.where, request("POST", ENROL, token, *both) + smuggled, 2)
    # Chunks count (RFC 9112 §6.3): an empty body; what follows is a request, seen as one.
    assert [it.status for it in answers][:1] == [400]
    assert [it.status for it in answers][1:] in ([], [404])


async def test_pipelined_requests_are_answered_in_their_order(api: Api) -> None:
    token = await api.token()
    enrol = request("POST", ENROL, token, KEY, b"Prefer: wait=30", body=BODY)
    me, none = request("GET", b"/v1/me", token), request("GET", b"/v1/none", token)
    sent = enrol + none + 20 * me + none
    answers = await exchanged(api.where, sent, 23)
    assert [it.status for it in answers] == [200, 404, *20 * [200], 404]
    assert json.loads(answers[0].body)["command_id"] == "wire"


async def test_headers_that_stand_twice_choose_nothing_in_secret(api: Api) -> None:
    ours, theirs = await api.token(), await api.token(api.other)
    of_theirs = b"Authorization: Bearer " + theirs.encode()
    answer = await _one(api, request("GET", b"/v1/me", ours, of_theirs))
    assert (answer.status, answer.code) == (401, "unauthorized")
    keys = await _one(api, request("POST", ENROL, ours, KEY, b"Idempotency-Key: b", body=BODY))
    assert (keys.status, keys.code) == (400, "invalid_request")
    waits = (b"Prefer: wait=30", b"Prefer: respond-async, wait=1", KEY)
    assert (await _one(api, request("POST", ENROL, ours, *waits, body=BODY))).status == 200


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "identity, gzip", "GZIP", "x"])
async def test_a_compressed_body_is_not_unpacked(api: Api, coding: str) -> None:
    token, bomb = await api.token(), gzip.compress(bytes(10_000_000))
    coded = f"Content-Encoding: {coding}".encode()
    answer = await _one(api, request("POST", ENROL, token, KEY, coded, body=bomb))
    assert (answer.status, answer.code) == (415, "unsupported_encoding")


@pytest.mark.parametrize(
    "told", [b"a%0d%0aInjected:%20b", b"%0aInjected:b", b"a%00b", b"%e2%80%a8"]
)
async def test_what_is_asked_for_breaks_no_header_of_the_answer(api: Api, told: bytes) -> None:
    token = await api.token()
    paths = (
        b"/v1/learners/" + told + b"/courses",
        b"/v1/results/" + told,
        b"/v1/operations?cursor=" + told,
        b"/v1/learners/u-1/events?course=" + told,
        b"/v1/" + told,
    )
    for path in paths:
        answer = await _one(api, request("GET", path, token))
        assert 400 <= answer.status < 500, path
        assert b"injected" not in {name for name, _ in answer.headers}, path
    key = b'Idempotency-Key: "' + told + b'"'
    taken = await _one(api, request("POST", ENROL, token, key, body=BODY))
    assert taken.status == 202
    assert b"injected" not in {name for name, _ in taken.headers}
