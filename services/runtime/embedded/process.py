"""A child process: started with a log, awaited until ready, stopped or killed, never orphaned."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from services.runtime.embedded.server import ServerError
from services.runtime.embedded.waiting import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

_LAUNCHER = Path(__file__).with_name("launch.py")
_TAIL_LINES = 15
_TAIL_BYTES = 16_384
_LOG_LIMIT = 16 * 1024 * 1024
"""Bytes; a log longer than this is moved aside at the next start."""


@dataclass(frozen=True, slots=True)
class User:
    """The system user that a server runs as; `reach` is explained in `launch.py`."""

    uid: int
    gid: int
    reach: bool


def tail(log: Path) -> str:
    """The last lines of a log, or a sentence that there are none."""
    if not log.exists():
        return "(no log was written)"
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - _TAIL_BYTES))
        lines = file.read().decode("utf-8", "replace").splitlines()
    return "\n".join(lines[-_TAIL_LINES:]) or "(the log is empty)"


def _open_log(log: Path) -> BinaryIO:
    """The log, to append to; moved aside first where it is too long.

    Readable for its owner alone: a log may quote what it failed on.
    """
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(".old.log"))
    return os.fdopen(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")


def launched(
    program: Sequence[str], *, user: User | None, on_parent_death: signal.Signals
) -> list[str]:
    """The command line that runs `program` through the launcher.

    The kernel watches the thread that starts the process, not only the process: start servers
    from the thread that lives longest, the main one.
    """
    uid, gid, reach = (user.uid, user.gid, user.reach) if user else (-1, -1, False)
    words = (os.getpid(), int(on_parent_death), uid, gid, int(reach))
    return [sys.executable, "-I", "-S", str(_LAUNCHER), *map(str, words), *program]


class ChildProcess:
    """One program under our care. Not started by the constructor."""

    def __init__(
        self,
        name: str,
        *,
        log: Path,
        user: User | None = None,
        on_parent_death: signal.Signals = signal.SIGKILL,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._name = name
        self._log = log
        self._user = user
        self._on_parent_death = on_parent_death
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process is not None and self.running else None

    async def start(
        self, program: Sequence[str], *, ready: Callable[[], Awaitable[bool]], within: float
    ) -> None:
        """Start `program` and wait at most `within` seconds until `ready` says so.

        Raises `ServerError` with the tail of the log: `server_failed` when it ended by itself,
        `server_not_ready` when it never answered (it is killed then).
        """
        process = await self._spawn(program)

        async def ended_or_ready() -> bool:
            return process.returncode is not None or await ready()

        try:
            in_time = await until(ended_or_ready, within=within)
        except BaseException:
            await self.kill()
            raise
        if process.returncode is not None:
            raise self._error("server_failed", f"ended by itself with {process.returncode}")
        if not in_time:
            await self.kill()
            raise self._error("server_not_ready", f"did not answer within {within:.0f} s")

    async def stop(self, sign: signal.Signals = signal.SIGTERM, *, within: float = 60) -> None:
        """Send `sign` and wait for the end; after `within` seconds, SIGKILL."""
        if self._process is None or not self.running:
            return
        self._process.send_signal(sign)
        try:
            await asyncio.wait_for(self._process.wait(), within)
        except TimeoutError:
            await self.kill()

    async def ended(self) -> int:
        """Wait for its end; returns the exit code, that of a signal below zero.

        It must have been started.
        """
        if self._process is None:
            raise self._error("server_failed", "was never started")
        return await self._process.wait()

    async def kill(self) -> None:
        """Send SIGKILL and wait for the end."""
        if self._process is not None and self.running:
            self._process.kill()
            await self._process.wait()

    async def _spawn(self, program: Sequence[str]) -> asyncio.subprocess.Process:
        if self.running:
            raise self._error("data_folder_in_use", "runs already")
        command = launched(program, user=self._user, on_parent_death=self._on_parent_death)
        with _open_log(self._log) as output:
            # A process group of its own: Ctrl-C in a terminal reaches Coursemark alone, which
            # then stops its parts before the servers under them.
            self._process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self._environment,
                start_new_session=True,
            )
        return self._process

    def _error(self, code: str, what: str) -> ServerError:
        return ServerError(
            code,
            f"{self._name} {what}.",
            f"Its log is {self._log}; the last lines:\n{tail(self._log)}",
        )
