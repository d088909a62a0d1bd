"""Answers in pieces: who does not read ends them, and holds one piece meanwhile."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from services.api.web import streams
from services.api.web.slots import Slots
from services.api.web.streams import Stream
from services.http.problems import Problem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import Message


async def test_a_reader_that_takes_nothing_ends_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streams, "TAKEN_SECONDS", 0.01)
    made, never = 0, asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal made
        while True:
            made += 1
            yield b"piece"

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await never.wait()

    await Stream(pieces()).stream_response(send)
    assert made == 1


def test_slots_are_bounded_in_all_and_of_one_token() -> None:
    slots = Slots("streams", in_all=2, of_token=1)
    with slots.taken("a"):
        with pytest.raises(Problem) as error, slots.taken("a"):
            pass
        assert (error.value.status, error.value.code) == (429, "too_many_streams")
        with slots.taken("b"):
            with pytest.raises(Problem) as full, slots.taken("c"):
                pass
            assert (full.value.status, full.value.code) == (503, "busy")
    with slots.taken("a"), slots.taken("c"):
        pass
