"""The measured processes: parts of Coursemark, and those of the textbook way."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from benchmarks.servers import Stage
from contracts import topics
from services.runtime.embedded.process import ChildProcess, tail

START_SECONDS = 60
OURS, COMMAND, TEXTBOOK = "services.cli run", "services.cli", "benchmarks.textbook"


class EndedError(Exception):
    """A process that is measured ended by itself."""


class Running:
    """Processes at work."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._children: dict[str, ChildProcess] = {}

    def log(self, part: str) -> Path:
        """What a part prints."""
        return self._folder / f"{part}.log"

    def add(self, part: str, child: ChildProcess) -> None:
        """Look after one more."""
        self._children[part] = child

    def check(self) -> None:
        """Raise ``EndedError``, with the last of its log, where one has ended by itself."""
        for part, child in self._children.items():
            if not child.running:
                raise EndedError(f"{part} ended:\n{tail(self.log(part))}")

    def usage(self) -> dict[str, dict[str, float]]:
        """Seconds of processor time that each part has taken, and MiB that it holds now."""
        used = {}
        for part, child in self._children.items():
            process = psutil.Process(child.pid)
            times, memory = process.cpu_times(), process.memory_info()
            used[part] = {
                "cpu_seconds": round(times.user + times.system, 2),
                "memory_mib": round(memory.rss / 2**20, 1),
            }
        return used


@asynccontextmanager
async def running(
    stage: Stage, module: str, *parts: str, **settings: str
) -> AsyncIterator[Running]:
    """Run ``python -m module part`` for each part, until the block ends.

    A part counts as started when its process is there; whoever measures waits for its work.
    """
    processes = Running(stage.folder)
    async with AsyncExitStack() as stack:
        for part in parts:
            child = ChildProcess(
                part, log=processes.log(part), environment=_environment(stage, settings)
            )
            await child.start(_program(module, part), ready=_at_once, within=START_SECONDS)
            stack.push_async_callback(child.stop)
            processes.add(part, child)
        yield processes


async def completed(stage: Stage, module: str, part: str, **settings: str) -> str:
    """Run ``python -m module part`` to its end; returns what it printed.

    Raises:
        EndedError: it failed.
    """
    process = await asyncio.create_subprocess_exec(
        *_program(module, part),
        env=_environment(stage, settings),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise EndedError(f"{part} ended with {process.returncode}:\n{output.decode()}")
    return output.decode()


async def _at_once() -> bool:
    return True


def _program(module: str, part: str) -> list[str]:
    return [sys.executable, "-m", *module.split(), *part.split()]


def _environment(stage: Stage, settings: Mapping[str, str]) -> dict[str, str]:
    database = urlsplit(stage.database)
    basics = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **basics,
        "COURSEMARK_KAFKA": stage.kafka.bootstrap,
        "COURSEMARK_DATABASE": stage.database,
        "COURSEMARK_TOPIC_PREFIX": stage.kafka.prefix,
        "COURSEMARK_PARTITIONS": str(stage.partitions),
        "COURSEMARK_LOG_LEVEL": "WARNING",
        "TEXTBOOK_KAFKA": stage.kafka.bootstrap,
        "TEXTBOOK_COMMANDS": stage.kafka.topic(topics.COMMANDS),
        "TEXTBOOK_EVENTS": stage.kafka.topic(topics.EVENTS),
        "TEXTBOOK_GROUP": f"{stage.kafka.prefix}textbook",
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_HOST": database.hostname or "",
        "POSTGRES_PORT": str(database.port),
        "POSTGRES_USER": database.username or "",
        "POSTGRES_PASSWORD": database.password or "",
        "POSTGRES_DBNAME": database.path.removeprefix("/"),
        **settings,
    }
