"""Apache Kafka without Docker: one node from its Maven artifacts, as a child process of ours.

Folder:

    server.properties   written at each start from deploy/kafka/server.properties
    data/               Kafka's logs: topics survive a stop, and kill -9
    port, controller    the two ports, taken again while they are free
    kafka.log           what the broker printed

It needs Java 17; the jars are fetched by Maven at the first start (see `apache_libs`). It listens
after about 2 s and takes 350 to 470 MB.

`python -m services.runtime.embedded apache` runs one until Ctrl-C.
"""

from __future__ import annotations

import asyncio
import string
from typing import TYPE_CHECKING, Self

from services.runtime.embedded.apache_libs import DEFAULT_LIBS, SOURCES, ensure_libs, java
from services.runtime.embedded.kafka_ready import kafka_answers
from services.runtime.embedded.ports import LOOPBACK, remembered_port
from services.runtime.embedded.process import ChildProcess
from services.runtime.embedded.server import ServerError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_CLUSTER_ID = "Y291cnNlbWFyay1sb2NhbA"
"""16 bytes in base64, as Kafka wants them ("coursemark-local"); a stray client finds the name."""


class ApacheKafka:
    """One Apache Kafka node in `folder`, which is made if it is missing. A `KafkaServer`.

    `libs` is where the jars are or shall be; `port` of None takes a free one and remembers it;
    `heap` is the largest Java heap, as -Xmx takes it; `patience` is how many seconds a start,
    with recovery of its logs, or a stop may take.
    """

    name = "Apache Kafka"

    def __init__(
        self,
        folder: Path,
        *,
        libs: Path = DEFAULT_LIBS,
        port: int | None = None,
        heap: str = "512m",
        patience: float = 90,
    ) -> None:
        self._folder = folder.resolve()
        self._libs = libs.resolve()
        self._port = port
        self._heap = heap
        self._patience = patience
        self._child = ChildProcess(self.name, log=self.log)

    @property
    def folder(self) -> Path:
        """Where data, settings and log are."""
        return self._folder

    @property
    def log(self) -> Path:
        """What the broker printed."""
        return self._folder / "kafka.log"

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._child.running

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._child.pid

    @property
    def bootstrap(self) -> str:
        """`127.0.0.1:PORT`."""
        if self._port is None:
            raise ServerError("server_failed", "Kafka has no address yet.", "Start it first.")
        return f"{LOOPBACK}:{self._port}"

    async def start(self) -> None:
        """Fetch the jars and format the folder if need be, start, wait for metadata."""
        await ensure_libs(self._libs)
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._port is None:
            self._port = remembered_port(self._folder / "port")
        properties = self._write_properties()
        if not (self._data / "meta.properties").exists():
            await self._format(properties)
        await self._child.start(
            [*self._java(), "kafka.Kafka", str(properties)],
            ready=self._answers,
            within=self._patience,
        )

    async def stop(self) -> None:
        """Stop in good order; topics, groups and offsets stay."""
        await self._child.stop(within=self._patience)

    async def kill(self) -> None:
        """End it with SIGKILL; the next start recovers what was acknowledged."""
        await self._child.kill()

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _java(self) -> list[str]:
        return [
            java() or "java",
            f"-Xmx{self._heap}",
            "-XX:+UseG1GC",
            "-Djava.awt.headless=true",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.log.kafka.server=info",
            "-cp",
            f"{self._libs}/*",
        ]

    def _write_properties(self) -> Path:
        template = (SOURCES / "server.properties").read_text(encoding="utf-8")
        text = string.Template(template).substitute(
            PORT=self._port,
            CONTROLLER_PORT=remembered_port(self._folder / "controller"),
            DATA=self._data,
        )
        file = self._folder / "server.properties"
        file.write_text(text, encoding="utf-8")
        return file

    async def _format(self, properties: Path) -> None:
        """Make the data folder. Run again on a half-made one, it goes on where it stood."""
        tool = ("kafka.tools.StorageTool", "format", "--standalone", "--ignore-formatted")
        process = await asyncio.create_subprocess_exec(
            *self._java(),
            *tool,
            f"--cluster-id={_CLUSTER_ID}",
            f"--config={properties}",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        if process.returncode != 0:
            raise ServerError(
                "server_failed",
                f"Kafka could not format {self._data} (exit code {process.returncode}).",
                f"It said:\n{output.decode('utf-8', 'replace')}",
            )

    async def _answers(self) -> bool:
        return await kafka_answers(self.bootstrap)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        await self.stop()
