"""Webhook deliveries a second, one dispatcher, and with one endpoint in ten dead.

``python -m benchmarks.webhooks [--messages N] [--rounds N]``, on an embedded PostgreSQL of its own
and a receiver in a process of its own. Beside the limit: aiohttp's client posting the same bodies,
with as many requests under way, and no queue. CPU is this process's and PostgreSQL's.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple

import aiohttp
import asyncpg
import psutil
import uvloop
from yarl import URL

from contracts.directory import User
from contracts.topics import learner_key
from contracts.webhooks import Webhook, WebhookActivity, WebhookCourse, WebhookData, WebhookUser
from services.runtime.bus.client import Connection
from services.runtime.clock import now
from services.runtime.collecting import few_collections
from services.runtime.embedded import EmbeddedPostgres
from services.runtime.embedded.waiting import until
from services.store.directory import Directory
from services.store.migrations import migrate
from services.store.pool import open_pool
from services.webhooks.dispatcher import Dispatcher
from services.webhooks.endpoints import Endpoints, Wanted
from services.webhooks.intake import Intake, Message
from services.webhooks.payload import body
from services.webhooks.queue import Queue
from services.webhooks.requests import Requests
from services.webhooks.signing import sign

SCHOOL, LEARNERS, AT_ONCE = "school", 500, 16
TABLES = "webhook_endpoints, webhook_turns, webhook_secrets, webhook_messages, webhook_deliveries"
_PATIENCE = 600


class Took(NamedTuple):
    """One round: deliveries, seconds by the clock, of this process, of PostgreSQL."""

    deliveries: int
    clock: float
    python: float
    postgres: float


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.webhooks", description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, few_collections():
        async with EmbeddedPostgres(Path(folder) / "postgres") as server, receiving() as port:
            pool = await open_pool(server.url)
            await migrate(pool)
            await Directory(pool).put_users(list(_users()))
            await Endpoints(pool).allow_private(SCHOOL, allowed=True)
            await _measure(pool, port, arguments.messages, arguments.rounds)
            await pool.close()


async def _measure(pool: asyncpg.Pool, port: int, messages: int, rounds: int) -> None:
    here, hang = f"http://127.0.0.1:{port}/", f"http://127.0.0.1:{port}/hang/"
    nobody = "http://127.0.0.1:9999/"
    urls = [f"{here}{number}" for number in range(10)]
    contenders: dict[str, Callable[[], Awaitable[Took]]] = {
        "aiohttp alone (the limit)": lambda: _limit(here, messages),
        "one endpoint": lambda: _deliver(pool, urls[:1], messages, {}),
        "one endpoint, in order": lambda: _deliver(pool, urls[:1], messages, {"ordered": True}),
        "ten endpoints": lambda: _deliver(pool, urls, messages, {}),
        "ten, one refuses to connect": lambda: _deliver(pool, [*urls[1:], nobody], messages, {}),
        "ten, one hangs": lambda: _deliver(pool, [*urls[1:], f"{hang}9"], messages, {}),
    }
    took: dict[str, list[Took]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, work in contenders.items():
            took[name].append(await work())
    for name, times in took.items():
        _print(name, times)
    whole = _rate(took["ten endpoints"])
    for name in ("ten, one refuses to connect", "ten, one hangs"):
        print(f"ratio, {name}: {_rate(took[name]) / whole:.2f}")


async def _limit(url: str, messages: int) -> Took:
    """The same bodies, signed, by aiohttp's client and nothing else."""
    secret, target, left = b"s" * 32, URL(url), iter(range(messages))
    began = perf_counter(), process_time()
    async with aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
    ) as session:

        async def post() -> None:
            for number in left:
                sent = body("webhook", _message(number), "Ada Lovelace", "ada@example.org")
                headers = {
                    "Content-Type": "application/json",
                    "webhook-id": f"msg_{number}",
                    "webhook-timestamp": "1700000000",
                    "webhook-signature": sign([secret], f"msg_{number}", 1_700_000_000, sent),
                }
                async with session.post(target, data=sent, headers=headers) as response:
                    await response.read()

        await asyncio.gather(*(post() for _ in range(AT_ONCE)))
    return Took(messages, perf_counter() - began[0], process_time() - began[1], 0)


async def _deliver(
    pool: asyncpg.Pool, urls: Sequence[str], messages: int, wanted: dict[str, Any]
) -> Took:
    """Queue everything, then deliver it; those who are dead are not waited for."""
    await pool.execute(f"truncate {TABLES}, webhook_attempts cascade")
    endpoints = Endpoints(pool)
    for url in urls:
        each = Wanted(url, concurrency=AT_ONCE, courses=[f"course-{urls.index(url)}"], **wanted)
        await endpoints.create(SCHOOL, each, now())
    alive = [it.endpoint for it in await endpoints.list(SCHOOL) if _is_alive(it.url)]
    await _queue(pool, messages, len(urls))
    await pool.execute(f"vacuum analyze {TABLES}")
    await pool.execute("checkpoint")
    stop = asyncio.Event()
    began = perf_counter(), process_time(), _postgres()
    async with Requests() as requests:
        dispatcher = Dispatcher(Queue(pool), endpoints, requests, clock=now, patience_seconds=60)
        running = asyncio.create_task(dispatcher.run(stop))

        async def are_done() -> bool:
            await asyncio.sleep(0.1)
            left: int = await pool.fetchval(
                "select count(*) from webhook_deliveries"
                " where state = 'pending' and endpoint = any ($1)",
                alive,
            )
            return not left

        assert await until(are_done, within=_PATIENCE)  # noqa: S101 - nothing to measure else
        took = perf_counter() - began[0], process_time() - began[1], _postgres() - began[2]
        stop.set()
        await running
    delivered: int = await pool.fetchval(
        "select count(*) from webhook_deliveries where state = 'delivered'"
    )
    return Took(delivered, *took)


def _is_alive(url: str) -> bool:
    return "/hang" not in url and ":9999" not in url


async def _queue(pool: asyncpg.Pool, messages: int, courses: int) -> None:
    intake = Intake(
        pool,
        None,  # type: ignore[arg-type]  # nothing is a dead letter here
        Connection("nobody:1"),
        patience_seconds=60,
        clock=lambda: datetime.now(UTC),
        wake=lambda _: None,
    )
    every = [Webhook.model_validate_json(_message(n, n % courses)) for n in range(messages)]
    for first in range(0, messages, 1_000):
        await intake._queue(  # noqa: SLF001 - without Kafka, which is not measured here
            [
                Message(SCHOOL, "webhook", it.id, it.data.user.id, it)
                for it in every[first : first + 1_000]
            ]
        )


def _message(number: int, course: int = 0) -> bytes:
    learner = f"learner-{number % LEARNERS}"
    return Webhook(
        type="activityCompleted",
        trigger="activity_completed",
        school_id=SCHOOL,
        id=f"msg_{number:032x}",
        event_id=f"{learner_key(SCHOOL, learner)}/course-{course}@{number}",
        occurred_at=datetime(2024, 5, 31, tzinfo=UTC),
        attempt=1,
        data=WebhookData(
            user=WebhookUser(id=learner),
            course=WebhookCourse(id=f"course-{course}", title="Algebra for beginners"),
            activity=WebhookActivity(id="a1", title="The first steps", type="video", score=100),
            manually_completed=False,
            provenance="earned",
            completed_at=1_717_113_600.0,
        ),
    ).to_json()


def _users() -> Iterator[User]:
    for number in range(LEARNERS):
        learner = f"learner-{number}"
        yield User(school=SCHOOL, user=learner, name="Ada", email=f"{learner}@example.org")


@asynccontextmanager
async def receiving(secrets: dict[str, str] | None = None, port: int = 0) -> AsyncIterator[int]:
    """A receiver in a process of its own; gives its port."""
    arguments = ["-m", "benchmarks.receiving", "--port", str(port)]
    if secrets:
        arguments.append("--secrets")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None  # noqa: S101 - asked for above
    assert process.stdout is not None  # noqa: S101 - asked for above
    try:
        if secrets:
            process.stdin.write(json.dumps(secrets).encode() + b"\n")
        yield int(await process.stdout.readline())
    finally:
        process.terminate()
        await process.wait()


def received(port: int) -> Any:
    """What a receiver has counted."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/counts") as answer:
        return json.load(answer)


def _postgres() -> float:
    """Processor seconds of its processes; some of them come and go."""
    seconds = 0.0
    for child in psutil.Process().children(recursive=True):
        try:
            name, times = child.name(), child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        if "postgres" in name:
            seconds += times.user + times.system
    return seconds


def _rate(rounds: Sequence[Took]) -> float:
    return median(it.deliveries / it.clock for it in rounds)


def _print(name: str, rounds: Sequence[Took]) -> None:
    rates = [it.deliveries / it.clock for it in rounds]
    python, postgres = (median(it[at] / it.deliveries for it in rounds) * 1e6 for at in (2, 3))
    print(
        f"{name:<30} {_rate(rounds):>7,.0f} deliveries/s ({min(rates):,.0f} - {max(rates):,.0f}), "
        f"CPU {python:.0f} + {postgres:.0f} µs"
    )


if __name__ == "__main__":
    uvloop.run(main())
