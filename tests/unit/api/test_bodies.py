"""A body that never comes whole is the client's affair, and no fault of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.requests import Request

from services.http.bodies import json_body
from services.http.problems import Problem

if TYPE_CHECKING:
    from starlette.types import Message


async def test_a_client_that_goes_in_the_middle_of_its_body_is_told_so() -> None:
    pieces: list[Message] = [
        {"type": "http.request", "body": b'{"learner":', "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return pieces.pop(0)

    with pytest.raises(Problem) as refused:
        await json_body(Request({"type": "http", "headers": []}, receive), 1_000)
    assert (refused.value.status, refused.value.code) == (400, "cut_off")
