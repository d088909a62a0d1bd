"""Servers and parts as processes of their own, each within reach of a fault."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

from services.composition import RUNS
from services.composition.database import database
from services.runtime.addresses import Addresses
from services.runtime.bus.client import Connection, connection
from services.runtime.bus.provision import create_topics
from services.runtime.children import KeptPart, environment
from services.runtime.embedded import ApacheKafka, EmbeddedBroker, EmbeddedPostgres
from services.runtime.embedded.server import ServerError
from services.runtime.embedded.waiting import until
from services.runtime.settings import Settings
from services.runtime.supervisor import Limits, Supervisor
from tests.support.servers import TEST_SETTINGS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

OFTEN = Limits(deaths=10_000, within=60.0, first_pause=0.2, longest_pause=0.5)
"""Whoever kills on purpose does not want to be told that it happens too often."""
SESSION_SECONDS = 6
"""The shortest that Apache Kafka allows: a dead consumer is missed after so long."""
PARTITIONS = 6
START_SECONDS = 90.0
_FAULT = re.compile(r"fault of (its own|Coursemark)|exit code")


class Death(NamedTuple):
    """A part that ended without being told to."""

    name: str
    how: str


class Reports:
    """Keeps what the supervisor says."""

    def __init__(self) -> None:
        self.deaths: list[Death] = []

    def ready(self, name: str, seconds: float) -> None:
        """Back at work."""

    def died(self, name: str, how: str, pause: float) -> None:  # noqa: ARG002 - inherited
        """One more."""
        self.deaths.append(Death(name, how))

    def stopped(self, name: str) -> None:
        """As it should."""


async def nothing_to_do() -> None:
    """Until somebody has work."""


class Stack:
    """Coursemark under faults; ``parts`` are kept alive, spares come and go.

    ``burst`` gives all parts something to do.
    """

    def __init__(self, folder: Path, kafka: str) -> None:
        self.folder = folder
        self.apache = kafka == "apache"
        self.postgres = EmbeddedPostgres(folder / "postgres", settings=TEST_SETTINGS)
        self.broker = (ApacheKafka if self.apache else EmbeddedBroker)(folder / "kafka")
        self.reports = Reports()
        self.burst: Callable[[], Awaitable[None]] = nothing_to_do
        self._spares = 0

    @property
    def settings(self) -> Settings:
        """What the parts run with."""
        return Settings(
            _env_file=None,
            data=self.folder,
            kafka=self.broker.bootstrap,
            database=self.postgres.url,
            database_connections=4,
            kafka_idempotence="on" if self.apache else "off",
            kafka_session_seconds=SESSION_SECONDS,
            partitions=PARTITIONS,
            command_batch=100,
            publish_batch=100,
            patience_seconds=15,
            silence_seconds=15,
            webhook_lease_seconds=4,
            log_level=os.environ.get("FAULTS_LOG", "INFO"),
        )

    @property
    def connection(self) -> Connection:
        """How to reach the broker."""
        return connection(self.settings, self.broker.bootstrap)

    @property
    def faults_of_its_own(self) -> list[Death]:
        """Deaths that no fault from outside explains."""
        return [death for death in self.reports.deaths if _FAULT.search(death.how)]

    async def start(self, supervisor: Supervisor) -> None:
        """Servers, topics and parts, at work when it returns."""
        await self.postgres.start()
        await self.broker.start()
        settings = self.settings
        async with database(settings, "faults"):
            await create_topics(self.connection, PARTITIONS, 1)
        self._environment = environment(
            settings, Addresses(self.broker.bootstrap, self.postgres.url)
        )
        self.parts = {name: KeptPart(name, self.folder, self._environment) for name in RUNS}
        await supervisor.start(list(self.parts.values()))

    @asynccontextmanager
    async def spare(self, name: str) -> AsyncIterator[KeptPart]:
        """One more process of a part, stopped in good order at the end unless it is dead.

        On the embedded broker it is killed: there a leader that leaves its group while others
        join stays the group's leader for ever, and nobody gets partitions any more.
        """
        self._spares += 1
        part = KeptPart(name, self.folder / f"spare-{self._spares}", self._environment)
        await _start(part)
        try:
            yield part
        finally:
            if not self.apache:
                strike(part, signal.SIGKILL)
                await part.ended()
            elif not part._child.running:
                self.reports.died(part.name, await part.ended(), 0)
            await part.stop()

    async def stop_servers(self) -> None:
        """The last step."""
        await self.broker.stop()
        await self.postgres.stop()


async def _start(part: KeptPart) -> None:
    """A server may be away just now, and a part ends where it stays away."""
    refused: list[ServerError] = []

    async def started() -> bool:
        try:
            await part.start()
        except ServerError as error:
            refused[:] = [error]
            return False
        return True

    if not await until(started, within=START_SECONDS):
        raise refused[0]


def strike(part: KeptPart, sign: signal.Signals) -> bool:
    """Send a signal; False where the part is not there at this moment."""
    pid = part._child.pid
    if pid is None:
        return False
    os.kill(pid, sign)
    return True


@asynccontextmanager
async def running(stack: Stack) -> AsyncIterator[None]:
    """All of it, kept alive until the end of the block."""
    stop, supervisor = asyncio.Event(), Supervisor(stack.reports, OFTEN)
    try:
        await stack.start(supervisor)
        keeping = asyncio.create_task(supervisor.keep(stop))
        try:
            yield
        finally:
            stop.set()
            await keeping
    finally:
        await supervisor.stop()
        await stack.stop_servers()
