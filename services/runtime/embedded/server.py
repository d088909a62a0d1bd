"""What all our child servers have in common, and the error that each of them raises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType


class ServerError(Exception):
    """A server could not be started, reached or stopped.

    `code` is stable (`server_missing`, `server_failed`, `server_not_ready`,
    `data_folder_in_use`, `data_folder_not_ours`); the text says what happened and what to do.
    """

    def __init__(self, code: str, what: str, todo: str) -> None:
        super().__init__(f"{what} {todo}")
        self.code = code


class Server(Protocol):
    """A child process with a data folder and an address on the loopback interface.

    `start()` returns when the server answers its own protocol, and raises `ServerError` with the
    tail of the log when it does not. `stop()` and `kill()` return when the process is gone, and
    do nothing on a server that does not run. A stopped server can be started again; the
    address stays the same.
    """

    @property
    def name(self) -> str:
        """What a person calls it, for example "PostgreSQL"."""

    @property
    def folder(self) -> Path:
        """Where its data and its log are."""

    @property
    def log(self) -> Path:
        """The file with everything it printed."""

    @property
    def running(self) -> bool:
        """Whether the process is alive."""

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""

    async def start(self) -> None:
        """Start, and wait until it answers."""

    async def stop(self) -> None:
        """Stop in good order."""

    async def kill(self) -> None:
        """End it with SIGKILL, as a crash would."""

    async def __aenter__(self) -> Self:
        """Start."""

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        """Stop."""


class KafkaServer(Server, Protocol):
    """A broker that speaks the Kafka protocol."""

    @property
    def bootstrap(self) -> str:
        """`127.0.0.1:PORT`, as `bootstrap_servers` of a client."""
