"""What both clients ask and hear: one core, tested through each."""

from __future__ import annotations

import json
import logging
import traceback
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import httpx
import pytest

from contracts.client import (
    AsyncClient,
    Client,
    NoResultError,
    ProblemError,
    RejectedError,
    UnreachableError,
    UnreadableError,
    WrongTokenError,
)
from contracts.commands import EnrollLearner
from tests.unit.client.conftest import SECRET, answer, problem

if TYPE_CHECKING:
    from tests.unit.client.conftest import Asker

ME = {"school": "riverside", "token": "tok_1", "actor": "u-7"}
ENROL = EnrollLearner(school="riverside", learner="u-1204", course="biology-1")
RESULT = {"command_id": "e-1", "school": "riverside", "recorded_at": "2026-11-28T20:00:00Z"}
ACCEPTED = {**RESULT, "outcome": "accepted", "events": [], "skipped": []}
REJECTED = {**RESULT, "outcome": "rejected", "code": "already_enrolled", "message": "They are."}


def test_a_request_has_the_token_and_an_answer_is_a_contract(asker: Asker) -> None:
    asker.server.say = [answer(200, ME | {"unknown": 1})]
    me = asker.run(lambda client: client.me())
    assert (me.school, me.actor) == ("riverside", "u-7")
    [heard] = asker.server.heard
    assert str(heard.url) == "https://api.example/v1/me"
    assert heard.headers["authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize("user", [".", "..", "...", "../export", "a/../b"])
def test_an_id_of_dots_leads_nowhere_else(asker: Asker, user: str) -> None:
    asker.server.say = [problem(404, "unknown_person")]
    with pytest.raises(ProblemError):
        asker.run(lambda client: client.export_person(user))
    [heard] = asker.server.heard
    [before, sent, after] = str(heard.url).rpartition("/export")[0].partition("/v1/users/")
    assert (before, sent, unquote(after)) == ("https://api.example", "/v1/users/", user)


@pytest.mark.parametrize(
    "fault",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("late"),
        problem(503, "server_away", retry_after="2"),
        problem(429, "too_many_requests", retry_after="3"),
        problem(409, "in_progress", retry_after="1"),
    ],
    ids=["refused", "late", "503", "429", "409"],
)
def test_a_command_is_asked_again_with_the_same_key_and_body(
    asker: Asker, fault: httpx.Response | Exception
) -> None:
    asker.server.say = [fault, fault, answer(200, ACCEPTED)]
    accepted = asker.run(lambda client: client.enroll_learner(ENROL))
    assert accepted.outcome == "accepted"
    first, *again = asker.server.heard
    assert len(again) == 2
    for it in again:
        assert it.headers["idempotency-key"] == first.headers["idempotency-key"]
        assert it.content == first.content
    least = float(fault.headers["retry-after"]) if isinstance(fault, httpx.Response) else 0.0
    assert len(asker.server.slept) == 2
    assert all(least < it < least + 1 for it in asker.server.slept)


def test_two_commands_have_two_keys_and_one_that_is_given_is_kept(asker: Asker) -> None:
    asker.server.say = [answer(200, ACCEPTED) for _ in range(3)]
    asker.run(lambda client: client.enroll_learner(ENROL))
    asker.run(lambda client: client.enroll_learner(ENROL))
    asker.run(lambda client: client.enroll_learner(ENROL, key='a"b\\c'))
    one, two, given = (it.headers["idempotency-key"] for it in asker.server.heard)
    assert one != two
    assert given == '"a\\"b\\\\c"'


def test_the_source_is_left_to_the_api_and_the_rest_is_sent(asker: Asker) -> None:
    asker.server.say = [answer(200, ACCEPTED)]
    asker.run(lambda client: client.enroll_learner(ENROL, wait=7))
    [heard] = asker.server.heard
    assert json.loads(heard.content) == {
        "school": "riverside",
        "learner": "u-1204",
        "course": "biology-1",
    }
    assert heard.headers["prefer"] == "wait=7"


def test_what_is_waited_for_makes_reading_longer_and_nothing_else(asker: Asker) -> None:
    taken = {"id": "f-1", "status": "/v1/imports/f-1"}
    asker.server.say = [answer(200, ME), answer(200, ACCEPTED), answer(202, taken)]
    asker.run(lambda client: client.me())
    asker.run(lambda client: client.enroll_learner(ENROL, wait=7))
    asker.run(lambda client: client.upload_import(b"email"))
    given = [it.extensions["timeout"] for it in asker.server.heard]
    assert [it.pop("read") for it in given] == [30, 37, 90]
    assert given == 3 * [{"connect": 30, "write": 30, "pool": 30}]


def test_it_gives_up_and_says_what_it_heard_last(asker: Asker) -> None:
    asker.server.say = [httpx.ConnectError("refused") for _ in range(6)]
    with pytest.raises(UnreachableError, match=r"https://api.example does not answer"):
        asker.run(lambda client: client.me())
    assert (len(asker.server.heard), len(asker.server.slept)) == (6, 5)
    asker.server.say = [httpx.Response(502, content=b"<html>a proxy</html>") for _ in range(6)]
    with pytest.raises(UnreadableError, match="502"):
        asker.run(lambda client: client.me())
    asker.server.say = [problem(503, "not_ready", retry_after="600")]
    with pytest.raises(ProblemError) as told:
        asker.run(lambda client: client.me())
    assert (told.value.status, told.value.code) == (503, "not_ready")  # and not ten minutes later


def test_a_problem_is_an_exception_and_a_rejection_has_its_result(asker: Asker) -> None:
    more = problem(404, "unknown_learner")
    asker.server.say = [more, answer(409, json.loads(more.content) | {"result": REJECTED})]
    with pytest.raises(ProblemError) as told:
        asker.run(lambda client: client.programs_of_learner("nobody"))
    assert (told.value.status, told.value.code, str(told.value)) == (
        404,
        "unknown_learner",
        "It is unknown_learner.",
    )
    with pytest.raises(RejectedError) as refused:
        asker.run(lambda client: client.enroll_learner(ENROL))
    assert (refused.value.status, refused.value.code) == (409, "already_enrolled")
    assert refused.value.result.message == "They are."


def test_a_command_without_a_result_in_time_is_no_success(asker: Asker) -> None:
    taken = {"command_id": "e-1", "result": "/v1/results/e-1"}
    asker.server.say = [answer(202, taken), answer(202, taken)]
    with pytest.raises(NoResultError) as told:
        asker.run(lambda client: client.enroll_learner(ENROL, key="e-1"))
    assert told.value.command_id == "e-1"
    sent = asker.run(lambda client: client.send(ENROL, key="e-1"))
    assert sent.result == "/v1/results/e-1"


@pytest.mark.parametrize(
    "said",
    [
        httpx.Response(200, content=b"<html>a proxy</html>"),
        httpx.Response(404, content=b"<html>a proxy</html>"),
        answer(200, {"school": 5}),
        answer(403, ["nothing", "of", "ours"]),
        answer(409, {"status": 409, "code": "c", "detail": "d", "result": {"outcome": "odd"}}),
    ],
    ids=["no JSON", "a proxy's", "another shape", "a list", "an odd result"],
)
def test_what_is_no_answer_of_the_api_is_said_to_be_none(asker: Asker, said: Any) -> None:
    asker.server.say = [said]
    with pytest.raises(UnreadableError, match="Coursemark API"):
        asker.run(lambda client: client.me())


def test_a_redirect_is_not_followed_with_the_token(asker: Asker) -> None:
    asker.server.say = [httpx.Response(302, headers={"location": "https://evil.example/"})]
    with pytest.raises(UnreadableError):
        asker.run(lambda client: client.me())
    assert len(asker.server.heard) == 1


def test_a_list_follows_its_links_and_never_to_another_server(asker: Asker) -> None:
    def page(*ids: str, link: str | None = None) -> httpx.Response:
        rows = [{"row": 1, "learner": it, "outcome": "failed", "details": {}} for it in ids]
        headers = {} if link is None else {"link": f'<{link}>; rel="next"'}
        return answer(200, {"rows": rows}, **headers)

    first = "/v1/operations/o-1/rows?outcome=failed&cursor=1%3A0"
    asker.server.say = [page("a", "b", link=first), page(), page("c")]
    asker.server.say[1] = page(link="/v1/operations/o-1/rows?cursor=2%3A0")
    found = asker.run(lambda client: client.rows_of_operation("o-1", outcome=["failed"]))
    assert [it.learner for it in found] == ["a", "b", "c"]
    assert [it.url.raw_path.decode() for it in asker.server.heard] == [
        "/v1/operations/o-1/rows?outcome=failed",
        first,
        "/v1/operations/o-1/rows?cursor=2%3A0",
    ]
    asker.server.say = [page("a", link="https://evil.example/v1/rows"), page("b")]
    assert len(asker.run(lambda client: client.rows_of_operation("o-1"))) == 1


def test_a_read_after_a_write_names_the_position_that_it_has_to_have(asker: Asker) -> None:
    asker.server.say = [
        answer(200, ACCEPTED, coursemark_position="812:4711"),
        answer(200, ME),
        answer(200, ACCEPTED),
    ]
    asker.run(lambda client: client.enroll_learner(ENROL))
    asker.run(lambda client: client.me())
    asker.run(lambda client: client.enroll_learner(ENROL))
    named = [it.headers.get("coursemark-position") for it in asker.server.heard]
    assert named == [None, "812:4711", None]


def test_of_positions_the_one_that_is_further_on_is_kept(asker: Asker) -> None:
    told = ["OTk6Nw", "MTAwOjE", "OTk6OA", "MTAwOjE", "elsewhere", "OTk6Nw"]  # 99:7, 100:1, 99:8...
    for position in told:
        asker.server.say = [answer(200, ACCEPTED, coursemark_position=position), answer(200, ME)]
        asker.run(lambda client: client.enroll_learner(ENROL))
        asker.run(lambda client: client.me())
    named = [it.headers.get("coursemark-position") for it in asker.server.heard[1::2]]
    assert named == ["OTk6Nw", "MTAwOjE", "MTAwOjE", "MTAwOjE", "elsewhere", "OTk6Nw"]


def test_the_token_is_in_no_text_of_the_client(
    asker: Asker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    faults: list[Any] = [httpx.ConnectError("refused") for _ in range(6)]
    texts = [repr(asker.client), str(asker.client)]
    for said in (faults, [problem(401, "unauthorized")], [httpx.Response(200)]):
        asker.server.say = said
        with pytest.raises(Exception, match=r".") as told:
            asker.run(lambda client: client.me())
        texts += [repr(told.value), *traceback.format_exception(told.value)]
    assert len(asker.server.heard) == 8
    assert SECRET not in "".join([*texts, caplog.text])


@pytest.mark.parametrize(
    "server",
    [
        *("api.example", "ftp://api.example", "https://", "https://u:p@api.example", ""),
        *("http://api.example:abc", "http://u:p@api.example:99999", "http://[::1"),
        *("https://xn--a", "https://ü-.example", "https://xn--ls8h.example"),
    ],
)
def test_an_address_that_no_token_should_go_to_is_refused(server: str) -> None:
    for client in (Client, AsyncClient):
        with pytest.raises(ValueError, match="the server's address") as told:
            client(server, SECRET)
        assert "u:p" not in str(told.value)


@pytest.mark.parametrize("token", ["", "cm_ü", "cm_one\n", "cm one", "cm_\0"])
def test_what_no_token_can_be_is_said_and_never_sent(token: str) -> None:
    def unheard(request: httpx.Request) -> httpx.Response:
        pytest.fail(f"{request} was sent")

    for client in (Client, AsyncClient):
        with pytest.raises(ValueError, match=r"^the token is empty or has") as told:
            client("http://127.0.0.1:1", token)
        assert not token or token not in str(told.value)
    transport = httpx.MockTransport(unheard)
    with (
        Client("http://127.0.0.1:1", lambda: token, transport=transport) as asked,
        pytest.raises(WrongTokenError, match=r"^The token is empty or has") as given,
    ):
        asked.me()
    assert not token or token not in str(given.value)


def test_a_dry_run_has_a_method_of_its_own(asker: Asker) -> None:
    dry = ENROL.model_copy(update={"dry_run": True})
    with pytest.raises(ValueError, match=r"preview\(command\)"):
        asker.run(lambda client: client.enroll_learner(dry))
    previewed = {**RESULT, "outcome": "previewed", "would": "accepted"}
    asker.server.say = [answer(200, previewed)]
    said = asker.run(lambda client: client.preview(ENROL))
    assert said.would == "accepted"
    assert json.loads(asker.server.heard[0].content)["dry_run"] is True


def test_a_token_may_be_asked_for_each_time() -> None:
    tokens = iter(["one", "two"])
    heard: list[str] = []

    def said(request: httpx.Request) -> httpx.Response:
        heard.append(request.headers["authorization"])
        return answer(200, ME)

    transport = httpx.MockTransport(said)
    with Client("http://127.0.0.1:1", lambda: next(tokens), transport=transport) as client:
        client.me()
        client.me()
    assert heard == ["Bearer one", "Bearer two"]
