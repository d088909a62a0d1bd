"""Receivers of webhooks and Zaps beside a fault run, and what they must have got at the end.

Which messages there are is what the topics hold; that those are what the log says, the oracle
judges for itself.
"""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, Self

import asyncpg
from aiokafka.errors import KafkaError

from contracts import topics
from services.runtime.bus.offsets import GroupOffsets
from services.runtime.embedded.waiting import until
from services.runtime.topology import PARTS
from services.webhooks.endpoints import Endpoints, Wanted
from tests.faults.school import SCHOOLS
from tests.support.oracle.of_kafka import header
from tests.support.receivers import receiver

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from services.runtime.bus.client import Connection
    from tests.support.oracle.evidence import Evidence
    from tests.support.receivers import Receiver

PART = PARTS["webhook-dispatcher"]
LONGEST = 120.0
"""Seconds; a killed dispatcher's lease and its group's session are waited for several times."""
TOPICS = {"any": topics.WEBHOOKS, "ordered": topics.WEBHOOKS, "zap": topics.ZAPIER}
"""By the endpoint's path."""


class Got(NamedTuple):
    """What came, in the order in which it came: school and path → (learner, id)."""

    by_endpoint: Mapping[tuple[str, str], Sequence[tuple[str, str]]]


class Receivers:
    """One socket; a path for each school and endpoint."""

    def __init__(self, database: str, cluster: Connection) -> None:
        self._database = database
        self._cluster = cluster
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._there: Receiver = await self._open.enter_async_context(receiver())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def begin(self) -> None:
        """Make the endpoints; nothing may have happened yet."""
        async with asyncpg.create_pool(self._database, min_size=0, max_size=2) as pool:
            endpoints, now = Endpoints(pool), datetime.now(UTC)
            for school in SCHOOLS:
                await endpoints.allow_private(school, allowed=True)
                url = self._there.url.removesuffix("/hook")
                for path in TOPICS:
                    wanted = Wanted(f"{url}/{school}/{path}", ordered=path == "ordered")
                    if path == "zap":
                        wanted = wanted._replace(kind="zapier", rate=1_000.0)
                    await endpoints.create(school, wanted, now)

    async def settled(self) -> None:
        """Wait until all that is on the topics was delivered."""
        seen = ["nothing was seen"]
        async with AsyncExitStack() as closing:
            pool = await closing.enter_async_context(
                asyncpg.create_pool(self._database, min_size=0, max_size=2)
            )
            offsets = await closing.enter_async_context(
                GroupOffsets(self._cluster, str(PART.group), PART.consumes)
            )

            async def quiet() -> bool:
                try:
                    lag = await offsets.lag()
                    seen[:] = [f"{count} records of {it}" for it, count in lag.items() if count]
                    rows = await pool.fetch(
                        "select endpoint, state, count(*) from webhook_deliveries"
                        " where state <> 'delivered' group by 1, 2"
                    )
                    seen.extend(str(tuple(row)) for row in rows)
                except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, KafkaError) as it:
                    seen[:] = [repr(it)]
                return not seen

            assert await until(quiet, within=LONGEST), f"there is still to deliver: {seen}"

    def got(self) -> Got:
        """What came so far."""
        by_endpoint = defaultdict(list)
        for request in self._there.seen:
            _, school, path = request.line.split(" ")[1].split("/")
            body = request.json
            assert body["school_id"] == school, "a school's message came to another"
            learner = body["user_id"] if path == "zap" else body["data"]["user"]["id"]
            by_endpoint[school, path].append((learner, request.id))
        return Got(by_endpoint)


def faults_of(got: Got, evidence: Evidence) -> list[str]:
    """What did not come, came to nobody's wish, or out of order; nothing where all is well."""
    found: list[str] = []
    for path, topic in TOPICS.items():
        told: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
        for record in evidence.delivered[topic]:
            school, learner = (record.key or b"").decode().split("/")
            assert json.loads(record.value or b"")["id"] == header(record, "ce_id")
            told[school][learner].setdefault(header(record, "ce_id"))
        for school in SCHOOLS:
            came = dict.fromkeys(got.by_endpoint.get((school, path), ()))
            wanted = {(learner, it) for learner, ids in told[school].items() for it in ids}
            found += [f"{school}/{path} never got {it}" for it in wanted - came.keys()]
            found += [f"{school}/{path} got {it}, which nobody sent" for it in came.keys() - wanted]
            if path == "ordered":
                for learner, ids in told[school].items():
                    mine = [it for whose, it in came if whose == learner]
                    if mine != list(ids):
                        found.append(f"{school}/{path} got {mine} of {learner}, sent {list(ids)}")
    return found
