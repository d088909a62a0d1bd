"""The benchmark of the API counts what a slow answer holds up, and each status that it was told."""

from __future__ import annotations

import asyncio
from collections import Counter

from benchmarks.api.line import Lines, Request
from benchmarks.api.timing import LOST, at_most, steadily

RATE, HELD = 200, 40


async def test_a_request_is_timed_from_when_it_was_due() -> None:
    """No answer before so many have been asked for: the first waited for the others."""
    asked = asyncio.Semaphore(0)
    arrived = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            asked.release()
            if asked._value >= HELD:
                arrived.set()
            await arrived.wait()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        lines = Lines(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        timed = await steadily(lines, lambda _: Request(b"GET\n"), RATE, HELD / RATE, warm_up=0)
        lines.close()
    assert timed.statuses == Counter({200: HELD})
    waited = (HELD - 1) / RATE * 1e3
    assert max(timed.milliseconds) >= waited
    assert min(timed.milliseconds) < waited


async def test_what_is_refused_or_lost_is_counted_as_that() -> None:
    answers = iter([b"200 OK", b"503 Service Unavailable", None])

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            said = next(answers, None)
            if said is None:
                break
            writer.write(b"HTTP/1.1 " + said + b"\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        lines = Lines(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        _, statuses = await at_most(lines, lambda _: Request(b"GET\n"), 0.05)
        lines.close()
    assert (statuses[200], statuses[503]) == (1, 1)
    assert statuses[LOST] >= 1
