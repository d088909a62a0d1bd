"""Servers and databases for tests: real ones, shared by the run, started when first needed."""

from __future__ import annotations

import functools
import shutil
import tempfile
import uuid
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

from services.runtime.embedded import EmbeddedBroker, EmbeddedPostgres, apache_available
from services.store.migrations import migrate
from services.store.pool import open_pool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

TEST_SETTINGS = {"shared_buffers": "64MB", "max_wal_size": "1GB", "max_connections": "200"}
"""A small PostgreSQL; fsync stays on, as everywhere."""
MIGRATED = "migrated"
"""A database with the schema and nothing in it, made once a server: a copy costs less than to
migrate anew."""


@functools.cache
def why_no_apache() -> str | None:
    """Why tests on Apache Kafka are skipped, as a sentence; None where they run."""
    reason = apache_available()
    return f"the real Apache Kafka was NOT tested: {reason}" if reason else None


@contextmanager
def server_folder() -> Iterator[Path]:
    """A folder for one server, under the system's temporary folder, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="coursemark-test-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@asynccontextmanager
async def both_servers() -> AsyncIterator[tuple[str, str]]:
    """The URL of a PostgreSQL and the bootstrap address of a broker, started for this alone."""
    with server_folder() as postgres_folder, server_folder() as kafka_folder:
        async with (
            EmbeddedPostgres(postgres_folder, settings=TEST_SETTINGS) as postgres,
            EmbeddedBroker(kafka_folder) as broker,
        ):
            yield postgres.url, broker.bootstrap


@asynccontextmanager
async def fresh_database(
    server: EmbeddedPostgres, *, template: str = MIGRATED
) -> AsyncIterator[str]:
    """The URL of a new database of `server`, a copy of `template`; dropped afterwards.

    Nobody may be connected to `template` at that moment.
    """
    name = f"t{uuid.uuid4().hex}"
    copy = f'CREATE DATABASE "{name}" TEMPLATE "{template}"'
    try:
        await _as_owner(server, copy)
    except asyncpg.InvalidCatalogNameError:
        await _make_migrated(server)
        await _as_owner(server, copy)
    try:
        yield server.url_of(name)
    finally:
        await _as_owner(server, f'DROP DATABASE "{name}" WITH (FORCE)')


async def _make_migrated(server: EmbeddedPostgres) -> None:
    await _as_owner(server, f'CREATE DATABASE "{MIGRATED}"')
    pool = await open_pool(server.url_of(MIGRATED))
    try:
        await migrate(pool)
    finally:
        await pool.close()


async def _as_owner(server: EmbeddedPostgres, statement: str) -> None:
    connection = await asyncpg.connect(server.url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
