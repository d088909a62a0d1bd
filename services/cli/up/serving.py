"""All of Coursemark from one process: servers first, then the parts, and back in reverse."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol, TypeVar

from services.composition import RUNS
from services.composition.database import database
from services.runtime.addresses import Addresses, Side, find, port_file
from services.runtime.alone import alone_in
from services.runtime.bus.client import connection
from services.runtime.bus.provision import create_topics
from services.runtime.children import KeptPart, environment, servers
from services.runtime.embedded.ports import remembered_port
from services.runtime.settings import Settings
from services.runtime.signals import stop_at_signals
from services.runtime.supervisor import Reports, Supervisor

T = TypeVar("T")


class Tells(Reports, Protocol):
    """What a person or a program is told of it."""

    def starting(self) -> None:
        """The data folder is ours; the servers are started now."""

    def serving(self, addresses: Addresses, seconds: float) -> None:
        """Everything is at work."""

    def stopping(self) -> None:
        """It was told to stop, or cannot go on."""

    def farewell(self, settings: Settings) -> None:
        """Everything has stopped."""


async def serve(settings: Settings, tells: Tells) -> None:
    """Run until Ctrl-C or SIGTERM.

    Raises:
        FolderInUseError: another one runs on the data folder.
        GaveUpError: a server or a part cannot be kept alive.
        ServerError: one did not start.
    """
    loop = asyncio.get_running_loop()
    began = loop.time()
    stop = stop_at_signals()
    with alone_in(settings.data):
        tells.starting()
        supervisor = Supervisor(tells)
        try:
            addresses = await unless(stop, start(settings, supervisor))
            if addresses is not None:
                tells.serving(addresses, loop.time() - began)
                await supervisor.keep(stop)
        finally:
            tells.stopping()
            await supervisor.stop()
    tells.farewell(settings)


async def start(settings: Settings, supervisor: Supervisor) -> Addresses:
    """Start what the settings leave to us, the servers first; returns where they are.

    Raises:
        ExceptionGroup: of ``ServerError``: one did not start.
    """
    await supervisor.start(servers(settings))
    addresses = find(settings)
    # Once, before the parts do it at the same moment: a broker may make a topic that is named
    # before it is created, with settings of its own.
    async with database(settings, "up"):
        await create_topics(
            connection(settings, addresses.kafka), settings.partitions, settings.replication
        )
    variables = environment(with_ports(settings), addresses)
    await supervisor.start([KeptPart(name, settings.data, variables) for name in RUNS])
    return addresses


def with_ports(settings: Settings) -> Settings:
    """The same with a port for each part that listens for HTTP: the one that it had last time."""
    sides: tuple[Side, ...] = ("api", "zapier")
    ports: dict[str, int] = {}
    for side in sides:
        if getattr(settings, f"{side}_port") is None:
            file = port_file(settings, side)
            file.parent.mkdir(parents=True, exist_ok=True)
            ports[f"{side}_port"] = remembered_port(file)
    return settings.model_copy(update=ports)


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """What the work gives; none where ``stop`` is set before."""
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, stopping):
            task.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)
