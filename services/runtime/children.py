"""What ``coursemark up`` supervises: the embedded servers, and each part as a process."""

import math
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import SecretStr

import services
from services.runtime.addresses import Addresses, folders
from services.runtime.embedded import ApacheKafka, EmbeddedBroker, EmbeddedPostgres, Server
from services.runtime.embedded.process import ChildProcess, tail
from services.runtime.embedded.waiting import until
from services.runtime.settings import PREFIX, Settings

READY_SECONDS = 90.0
"""A part has to be at work by then; a group's first join may take some seconds."""
STOP_SECONDS = 45.0
"""More than a part needs to finish its batch."""

WRONG_SETTINGS = 78
_CODES = {
    69: "stopped because a server stayed away",
    70: "stopped at a fault of its own",
    WRONG_SETTINGS: "refused its settings",
}


class KeptServer:
    """An embedded server."""

    def __init__(self, server: Server, mortal: str | None = None) -> None:
        self._server = server
        self.name = server.name
        self.mortal = mortal

    async def start(self) -> None:
        """Start it where it was before."""
        await self._server.start()

    async def stop(self) -> None:
        """Stop it in good order."""
        await self._server.stop()

    async def ended(self) -> str:
        """Wait for its end."""

        async def gone() -> bool:
            return not self._server.running

        await until(gone, within=math.inf)
        return f"has ended by itself (its log: {self._server.log})"


class KeptPart:
    """A part as a child process; ready when it has written its process id into a file."""

    def __init__(self, part: str, data: Path, environment: Mapping[str, str]) -> None:
        self.name = part
        self.mortal: str | None = None
        self._ready_file = (data / "run" / f"{part}.ready").resolve()
        self._log = data / "logs" / f"{part}.log"
        self._child = ChildProcess(part, log=self._log, environment=environment)

    async def start(self) -> None:
        """Start it, wait until it has joined its group or looked at the log."""
        for folder in (self._ready_file.parent, self._log.parent):
            folder.mkdir(parents=True, exist_ok=True)
        self._ready_file.unlink(missing_ok=True)
        await self._child.start(
            command("run", self.name, "--ready-file", str(self._ready_file)),
            ready=self._is_ready,
            within=READY_SECONDS,
        )

    async def stop(self) -> None:
        """Let it finish its batch."""
        await self._child.stop(signal.SIGTERM, within=STOP_SECONDS)

    async def ended(self) -> str:
        """Wait for its end."""
        code = await self._child.ended()
        if code < 0:
            return f"was killed by {signal.Signals(-code).name}"
        what = _CODES.get(code, f"ended with exit code {code}")
        return f"{what}; its log is {self._log}, the last lines:\n{tail(self._log)}\n"

    async def _is_ready(self) -> bool:
        try:
            return self._ready_file.read_text(encoding="ascii").strip() == str(self._child.pid)
        except FileNotFoundError:
            return False


def command(*arguments: str) -> Sequence[str]:
    """A ``coursemark`` command line, run by the Python that runs us."""
    # -P: a folder named `services` where somebody happens to stand is not ours.
    return [sys.executable, "-P", "-m", "services.cli", *arguments]


_OF_A_PERSON = {"server", "token"}
"""Settings that no part reads."""


def environment(settings: Settings, addresses: Addresses) -> dict[str, str]:
    """What the parts get: every setting as it is here, and servers that they need not look for."""
    resolved = {
        "DATA": str(settings.data.resolve()),
        "KAFKA": addresses.kafka,
        "DATABASE": addresses.database,
    }
    if settings.embedded_broker and settings.kafka_idempotence == "auto":
        resolved["KAFKA_IDEMPOTENCE"] = "off"  # "auto" cannot see what broker is behind HOST:PORT
    ours = {f"{PREFIX}{name}": value for name, value in (_stated(settings) | resolved).items()}
    left_out = ours.keys() | {f"{PREFIX}{name.upper()}" for name in _OF_A_PERSON}
    kept = {name: value for name, value in os.environ.items() if name.upper() not in left_out}
    root = str(Path(services.__file__).parents[1])
    return kept | ours | {"PYTHONPATH": os.pathsep.join([root, *_path(kept)])}


def _stated(settings: Settings) -> dict[str, str]:
    """Every setting that has a value, also one that neither environment nor .env says."""
    texts = settings.shown()
    return {
        name.upper(): value.get_secret_value()
        if isinstance(value, SecretStr)
        else texts[f"{PREFIX}{name.upper()}"]
        for name in type(settings).model_fields
        if name not in _OF_A_PERSON and (value := getattr(settings, name)) is not None
    }


def _path(variables: Mapping[str, str]) -> list[str]:
    return [variables["PYTHONPATH"]] if variables.get("PYTHONPATH") else []


def servers(settings: Settings) -> list[KeptServer]:
    """The servers that the settings leave to us."""
    postgres, broker = folders(settings)
    wanted = [KeptServer(EmbeddedPostgres(postgres))] if settings.embedded_database else []
    if settings.kafka == "apache":
        wanted.append(KeptServer(ApacheKafka(broker)))
    elif settings.embedded_broker:
        wanted.append(
            KeptServer(
                EmbeddedBroker(broker),
                "What its topics held is gone; everything acknowledged in PostgreSQL stays. "
                "Start again.",
            )
        )
    return wanted
