"""Server-sent events: however they are cut, and through whatever cuts them off."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from contracts.client import ProblemError, UnreachableError, UnreadableError
from contracts.client.calls.call import Call, Events, one_of
from contracts.client.server_sent import LONGEST, Parser, ServerSent, TooLongError
from tests.unit.client.conftest import problem

if TYPE_CHECKING:
    from tests.unit.client.conftest import Asker

SAID = (
    "\ufeffretry: 2000\r\n\r\n: still here\n\nevent: progress\rid: 1\rdata: {\rdata:}\r\r"
    "id: 2\ndata: ü\n\nid: no\0thing\ndata:  two spaces\n\ndata\n\ndata: not complete\n"
)
MEANT = [
    ServerSent("1", "{\n}"),
    ServerSent("2", "ü"),
    ServerSent("2", " two spaces"),
    ServerSent("2", ""),
]
COUNTING = Events(
    Call(method="GET", path="/v1/counting", read=one_of(TypeAdapter(int))), lambda it: it == 3
)


@given(cuts=st.lists(st.integers(0, len(SAID.encode()))))
def test_a_stream_means_the_same_wherever_it_is_cut(cuts: list[int]) -> None:
    said, parser = SAID.encode(), Parser()
    places = sorted({0, *cuts, len(said)})
    pieces = [said[start:end] for start, end in pairwise(places)]
    assert [it for piece in pieces for it in parser.feed(piece)] == MEANT


def test_an_event_that_does_not_end_is_given_up() -> None:
    for endless in (b"data: ", b"data: 1\n"):
        with pytest.raises(TooLongError):
            _take_in(Parser(), endless * (LONGEST // 10), times=100)


def _take_in(parser: Parser, piece: bytes, times: int) -> None:
    for _ in range(times):
        assert not list(parser.feed(piece))


def told(*numbers: int) -> httpx.Response:
    """A stream that ends after these."""
    said = "".join(f"event: progress\nid: {it}\ndata: {it}\n\n" for it in numbers)
    return httpx.Response(200, content=f"retry: 2000\n\n{said}".encode())


def test_a_stream_that_is_cut_off_goes_on_behind_its_last_event(asker: Asker) -> None:
    asker.server.say = [
        told(1),
        httpx.ConnectError("refused"),
        problem(503, "busy", retry_after="10"),
        told(),
        told(2, 3),
    ]
    assert asker.run(lambda client: client.follow(COUNTING)) == [1, 2, 3]
    behind = [it.headers.get("last-event-id") for it in asker.server.heard]
    assert behind == [None, "1", "1", "1", "1"]
    assert {it.headers["accept"] for it in asker.server.heard} == {"text/event-stream"}
    assert [it >= 10 for it in asker.server.slept] == [False, False, True, False]


def test_nothing_more_is_an_end(asker: Asker) -> None:
    asker.server.say = [told(1, 2), httpx.Response(204)]
    assert asker.run(lambda client: client.follow(COUNTING)) == [1, 2]


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        (httpx.ConnectError("refused"), UnreachableError),
        (told(), UnreachableError),
        (problem(503, "server_away", retry_after="1"), ProblemError),
    ],
    ids=["refused", "silent", "503"],
)
def test_it_gives_up_after_so_many_attempts_that_told_nothing(
    asker: Asker, said: Any, ends: type[Exception]
) -> None:
    asker.server.say = [said] * 6
    with pytest.raises(ends):
        asker.run(lambda client: client.follow(COUNTING))
    assert len(asker.server.slept) == 5


# Such as of an operation that is paused.
def test_a_stream_that_says_that_it_is_still_there_is_waited_for(asker: Asker) -> None:
    beat = httpx.Response(200, content=b": still here\n\n")
    asker.server.say = [told(1), *[beat] * 8, told(2, 3)]
    assert asker.run(lambda client: client.follow(COUNTING)) == [1, 2, 3]
    assert max(asker.server.slept) == min(asker.server.slept)  # each as the first
    patience = [it.extensions["timeout"]["read"] for it in asker.server.heard]
    assert min(patience) >= 45  # several beats of 15 s, though any other call has 30


def test_what_is_no_event_and_no_stream_is_said(asker: Asker) -> None:
    asker.server.say = [problem(404, "unknown_operation")]
    with pytest.raises(ProblemError, match="It is unknown_operation"):
        asker.run(lambda client: client.follow(COUNTING))
    asker.server.say = [httpx.Response(302, headers={"location": "https://evil.example/"})]
    with pytest.raises(UnreadableError, match="302"):
        asker.run(lambda client: client.follow(COUNTING))
    asker.server.say = [httpx.Response(200, content=b"data: not a number\n\n")]
    with pytest.raises(UnreadableError):
        asker.run(lambda client: client.follow(COUNTING))
