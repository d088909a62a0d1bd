"""``Idempotency-Key`` and ``Prefer``, as requests give them, and what a process remembers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from services.api.commands import idempotency
from services.api.commands.idempotency import LONGEST_WAIT, Underway, applied, key_of, wait_of
from services.http.problems import Problem

IDS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=128)
ONE, OTHER = b"one", b"other"
KEY = "riverside", "k"


def request(*headers: tuple[str, str]) -> Request:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    return Request({"type": "http", "headers": raw})


@given(IDS)
def test_any_id_of_a_command_is_a_key_in_quotes(id_: str) -> None:
    quoted = id_.replace("\\", "\\\\").replace('"', '\\"')
    assert key_of(request(("idempotency-key", f'"{quoted}"'))) == id_


@given(IDS.filter(lambda text: '"' not in text))
def test_and_without(id_: str) -> None:
    assert key_of(request(("idempotency-key", id_))) == id_


def test_two_keys_are_none() -> None:
    with pytest.raises(Problem) as refused:
        key_of(request(("idempotency-key", "a"), ("idempotency-key", "a")))
    assert (refused.value.status, refused.value.code) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        ("wait=10", 10),
        ("respond-async, wait=5", 5),
        ("Wait = 7 ; x=y", 7),
        ("wait=100000", LONGEST_WAIT),
        ("wait=0", 0),
        ("wait=-1", 0),
        ("wait=ten", 0),
        ("awaiting=3", 0),
        ("wait=99999999999999999999999", 0),
        ("", 0),
    ],
)
def test_a_preference_is_bounded_and_what_is_none_is_passed_over(prefer: str, seconds: int) -> None:
    assert wait_of(request(("prefer", prefer))) == seconds
    assert applied(seconds) == ({"Preference-Applied": f"wait={seconds}"} if seconds else {})


def test_a_key_that_is_under_way_is_refused_and_one_of_another_command_too() -> None:
    underway = Underway()
    with underway.answering(KEY, ONE):
        assert _refused(underway, ONE) == (409, "in_progress")
        assert _refused(underway, OTHER) == (422, "command_id_reused")
        with underway.answering(("lakeside", "k"), OTHER):
            pass
    with underway.answering(KEY, OTHER):  # nothing was sent
        pass
    underway.sent(KEY, ONE)
    assert _refused(underway, OTHER) == (422, "command_id_reused")
    with underway.answering(KEY, ONE):
        pass


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "REMEMBERED", 2)
    underway = Underway()
    for id_ in ("a", "b", "a", "c"):
        underway.sent(("riverside", id_), ONE)
    with underway.answering(("riverside", "b"), OTHER):
        pass
    with pytest.raises(Problem), underway.answering(("riverside", "a"), OTHER):
        pass


def _refused(underway: Underway, digest: bytes) -> tuple[int, str]:
    with pytest.raises(Problem) as refused, underway.answering(KEY, digest):
        pass
    return refused.value.status, refused.value.code
