"""What the commands that ask and answer have in common: a loop, a quiet log, servers, a bar."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from services.cli import errors
from services.runtime.settings import Settings

if TYPE_CHECKING:
    import asyncpg

    from services.runtime.bus.client import Connection

T = TypeVar("T")
Advance = Callable[[int], None]
"""Tells a bar that so many more are done."""

TRIES = 3
"""A person who waits at the terminal wants to know soon."""


def go(settings: Settings, work: Coroutine[Any, Any, T]) -> T:
    """Run the work; libraries log only what DEBUG asks for, since errors are told in sentences."""
    from services.runtime.logs import log_to_stderr

    debugging = settings.log_level == "DEBUG"
    log_to_stderr("DEBUG" if debugging else "CRITICAL")
    logging.captureWarnings(capture=not debugging)
    try:
        return asyncio.run(work)
    except KeyboardInterrupt:
        raise typer.Exit(errors.INTERRUPTED) from None


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator["asyncpg.Pool"]:
    """The database as it is: its schema is the parts' affair.

    Raises:
        NotRunningError: it is embedded and not there.
        DatabaseUnreachableError: it does not answer.
    """
    from services.runtime.addresses import find_database, not_running
    from services.store.pool import DatabaseUnreachableError, open_pool

    url = find_database(settings)
    try:
        pool = await open_pool(url, application_name="coursemark command", max_size=4, tries=TRIES)
    except DatabaseUnreachableError as error:
        raise (not_running(settings) if settings.embedded_database else error) from error
    try:
        yield pool
    finally:
        await pool.close()


async def cluster(settings: Settings) -> "Connection":
    """The cluster, its topics made where they are missing.

    A broker may make a topic that is named before it is created, with settings of its own.

    Raises:
        NotRunningError: the broker is embedded and not there.
        TopicError: no broker answers, or one refuses.
    """
    from services.runtime.addresses import find_kafka, not_running
    from services.runtime.bus.client import connection
    from services.runtime.bus.provision import TopicError, create_topics

    found = connection(settings, find_kafka(settings))
    try:
        await create_topics(found, settings.partitions, settings.replication)
    except TopicError as error:
        if error.code == "kafka_unreachable" and settings.kafka in {"embedded", "apache"}:
            raise not_running(settings) from error
        raise
    return found


@contextmanager
def bar(what: str, total: int | None = None) -> Iterator[Advance]:
    """A progress bar on stderr where that is a terminal; nothing otherwise."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from services.cli.output import console

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, TimeElapsedColumn(), console=console(stderr=True)) as shown:
        task = shown.add_task(what, total=total)
        yield lambda more: shown.advance(task, more)
