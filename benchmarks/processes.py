"""The measured processes: parts of Coursemark, and those of the textbook way."""

import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

from benchmarks.servers import Stage
from contracts import topics
from services.runtime.embedded.process import ChildProcess, tail

START_SECONDS = 60
OURS, TEXTBOOK = "services.cli run", "benchmarks.textbook"
Check = Callable[[], None]


class EndedError(Exception):
    """A process that is measured ended by itself."""


@asynccontextmanager
async def running(stage: Stage, module: str, *parts: str, **settings: str) -> AsyncIterator[Check]:
    """Run ``python -m module part`` for each part, until the block ends.

    A part counts as started when its process is there; whoever measures waits for its work. What
    is given raises ``EndedError``, with the last of its log, when one of them ended by itself.
    """
    children: dict[str, ChildProcess] = {}

    def check() -> None:
        for part, child in children.items():
            if not child.running:
                raise EndedError(f"{part} ended:\n{tail(stage.folder / f'{part}.log')}")

    async with AsyncExitStack() as stack:
        for part in parts:
            child = ChildProcess(
                part,
                log=stage.folder / f"{part}.log",
                environment={**_basics(), **_environment(stage), **settings},
            )
            program = [sys.executable, "-m", *module.split(), part]
            await child.start(program, ready=_at_once, within=START_SECONDS)
            stack.push_async_callback(child.stop)
            children[part] = child
        yield check


async def _at_once() -> bool:
    return True


def _basics() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def _environment(stage: Stage) -> Mapping[str, str]:
    database = urlsplit(stage.database)
    return {
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
    }
