"""Three endpoints of a school, told what the log has to tell: all, manual alone, and a dead one.

What each receives is counted by the receiver itself, which verifies every signature with the
official package, and held against the log's own counts, by query.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import asyncpg

from benchmarks.webhooks import received, receiving
from services.publisher.fanout.feeds import WebhooksFeed
from services.runtime.clock import now
from services.runtime.embedded.ports import free_port
from services.runtime.embedded.waiting import until
from services.store.cursors import Cursor
from services.store.records import ORIGIN
from services.webhooks.deliveries import Deliveries
from services.webhooks.endpoints import Endpoints, Wanted

PATIENCE = 1_800.0
"""Seconds for all deliveries; more than a slow machine needs for the whole school."""
LOOK_SECONDS = 0.25
HAPPENINGS = Path(__file__).with_name("happenings.sql").read_text("utf-8")
Counts = Mapping[str, int]
Say = Callable[[str], None]


class Told(NamedTuple):
    """What one endpoint got, by trigger, beside what the log has for it."""

    endpoint: str
    got: Counts
    log: Counts
    repeats: int
    wrong: int

    @property
    def differs(self) -> bool:
        """Whether they are not the same, or a signature was not right."""
        return self.got != self.log or self.wrong > 0


class Drain(NamedTuple):
    """So many deliveries in so many seconds."""

    deliveries: int
    seconds: float

    def __str__(self) -> str:
        rate = self.deliveries / self.seconds
        return f"{self.deliveries:,} deliveries in {self.seconds:.1f} s, {rate:,.0f} a second"


class School:
    """A school with its log, and three endpoints that it has for the time of this."""

    def __init__(self, pool: asyncpg.Pool, school: str, say: Say) -> None:
        self._pool = pool
        self._school = school
        self._endpoints = Endpoints(pool)
        self._deliveries = Deliveries(pool)
        self._say = say

    async def tell(self, parts: Callable[[], Any]) -> list[Told]:
        """The whole of it; ``parts`` runs the publisher and the dispatcher while it is open."""
        ports = free_port(), free_port()
        ids, secrets = await self._make(ports)
        everything, manual = await self._log()
        cursor = Cursor(self._pool, WebhooksFeed.name)
        await cursor.move(await cursor.read(), ORIGIN)
        self._say(f"{WebhooksFeed.name} begins at the first event")
        async with _receiver(secrets, ports[0]), parts():
            told = await self._alive(ports[0], everything, manual)
            told.append(await self._dead(ids["/dead"], secrets, ports[1], everything))
        return told

    async def _make(self, ports: tuple[int, int]) -> tuple[dict[str, str], dict[str, str]]:
        """Ids and secrets of the endpoints, by path; those of an earlier time are removed."""
        await self._endpoints.allow_private(self._school, allowed=True)
        for it in await self._endpoints.list(self._school):
            await self._endpoints.remove(self._school, it.endpoint)
        wanted = {
            "/all": Wanted(f"http://127.0.0.1:{ports[0]}/all"),
            "/manual": Wanted(f"http://127.0.0.1:{ports[0]}/manual", completions="manual"),
            "/dead": Wanted(f"http://127.0.0.1:{ports[1]}/dead"),
        }
        ids, secrets = {}, {}
        for path, wish in wanted.items():
            made = await self._endpoints.create(self._school, wish, now())
            ids[path], secrets[path] = made
            self._say(f"endpoint {made.endpoint} {wish.url}, completions: {wish.completions}")
        return ids, secrets

    async def _log(self) -> tuple[Counts, Counts]:
        """What the log has for everybody, and for those who want manual completions alone."""
        self._say(f"\n{HAPPENINGS.strip()}\n-- $1 = {self._school!r}\n")
        rows = await self._pool.fetch(HAPPENINGS, self._school)
        return {it[0]: it[1] for it in rows}, {it[0]: it[2] for it in rows if it[2]}

    async def _alive(self, port: int, everything: Counts, manual: Counts) -> list[Told]:
        """Wait for the two that answer, while the third does not."""
        wanted = sum(everything.values()) + sum(manual.values())
        await self._until(port, 1)
        began, first = perf_counter(), await _requests(port)
        await self._until(port, wanted)
        self._say(
            "log, Kafka, queue, receivers, one endpoint of three dead: "
            f"{Drain(wanted - first, perf_counter() - began)}"
        )
        seen = await asyncio.to_thread(received, port)
        return [_told("/all", seen, everything), _told("/manual", seen, manual)]

    async def _dead(
        self, endpoint: str, secrets: Mapping[str, str], port: int, everything: Counts
    ) -> Told:
        """Park what waits for the dead one; then it is back, is enabled, and gets all of it."""
        wanted = sum(everything.values())

        async def is_queued() -> bool:
            return sum((await self._states(endpoint)).values()) >= wanted

        await _patiently(is_queued)
        self._say(f"the dead one, for the whole run: {await self._states(endpoint)}")
        parked = await self._endpoints.disable(self._school, endpoint, now())
        self._say(f"disabled, {parked:,} parked: {await self._states(endpoint)}")
        async with _receiver({"/dead": secrets["/dead"]}, port):
            again = await self._endpoints.enable(self._school, endpoint, now())
            began = perf_counter()
            await self._until(port, wanted)
            self._say(
                f"enabled, {again:,} sent: {Drain(again, perf_counter() - began)}, "
                "from the queue alone"
            )
            told = _told("/dead", await asyncio.to_thread(received, port), everything)

            async def is_written() -> bool:
                return not (await self._states(endpoint)).get("pending")

            await _patiently(is_written)
        self._say(f"afterwards: {await self._states(endpoint)}")
        return told

    async def _states(self, endpoint: str) -> Mapping[str, int]:
        return await self._deliveries.counts(self._school, endpoint)

    async def _until(self, port: int, count: int) -> None:
        async def came() -> bool:
            return await _requests(port) >= count

        await _patiently(came)


async def _patiently(condition: Callable[[], Awaitable[bool]]) -> None:
    async def met() -> bool:
        await asyncio.sleep(LOOK_SECONDS)
        return await condition()

    if not await until(met, within=PATIENCE):
        raise TimeoutError(f"not there after {PATIENCE:.0f} s")


async def _requests(port: int) -> int:
    """Distinct messages that a receiver has taken."""
    seen = await asyncio.to_thread(received, port)
    return seen["requests"] - seen["repeats"] - seen["wrong"]  # type: ignore[no-any-return]


def _told(path: str, seen: Any, log: Counts) -> Told:
    return Told(path, seen["counts"].get(path, {}), log, seen["repeats"], seen["wrong"])


@asynccontextmanager
async def _receiver(secrets: Mapping[str, str], port: int) -> AsyncIterator[None]:
    async with receiving(dict(secrets), port=port):
        yield
