"""When the client asks again: bounded, as the server says, and only what is safe."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.client.retrying import RETRIES, Retries, retry_after, worth_again


@pytest.mark.parametrize(
    ("status", "code", "safe", "unsafe"),
    [
        (429, "too_many_requests", True, True),  # nothing was done
        (503, "server_away", True, False),
        (409, "in_progress", True, False),
        (409, "already_complete", False, False),
        (404, "unknown_command", False, False),
        (500, "internal_error", False, False),
        (500, None, True, False),  # ended while it answered
        (502, None, True, False),
        (504, None, True, False),
        (401, "unauthorized", False, False),
        (422, "command_id_reused", False, False),
    ],
)
def test_only_what_may_be_another_answer_is_asked_again(
    status: int, code: str | None, *, safe: bool, unsafe: bool
) -> None:
    assert worth_again(status, code, again=True) is safe
    assert worth_again(status, code, again=False) is unsafe


@given(chance=st.floats(0, 1), asked=st.none() | st.floats(0, 100))
def test_it_gives_up_after_so_many_attempts_and_so_many_seconds(
    chance: float, asked: float | None
) -> None:
    retries = Retries(attempts=7, first=0.5, longest=4, patience=30)
    paused, pauses = 0.0, 0
    for sent in range(1, 100):
        pause = retries.pause(sent, paused, asked, chance)
        if pause is None:
            break
        assert pause >= (asked or 0.0)
        paused, pauses = paused + pause, pauses + 1
    assert pauses < 7
    assert paused <= 30


def test_pauses_grow_up_to_the_longest() -> None:
    grown = [RETRIES.pause(sent, 0, None, 1.0) or 0.0 for sent in range(1, RETRIES.attempts)]
    assert all(two == min(RETRIES.longest, one * 2) for one, two in pairwise(grown))
    assert RETRIES.pause(RETRIES.attempts, 0, None, 1.0) is None
    assert RETRIES.pause(1, 0, RETRIES.patience + 1, 0.0) is None  # not waited for


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        (
            {
                "retry-after": "Sat, 28 Nov 2026 20:00:30 GMT",
                "date": "Sat, 28 Nov 2026 20:00:00 GMT",
            },
            30.0,
        ),
        ({"retry-after": "Sat, 28 Nov 2026 20:00:30 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds
