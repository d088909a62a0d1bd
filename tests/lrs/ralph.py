"""Ralph, a learning record store of France Université Numérique, in an environment of its own."""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import subprocess
import venv
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import aiohttp

from services.runtime.embedded.ports import free_port
from services.runtime.embedded.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

APP = str(Path(__file__).parent / "store")
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
USER, PASSWORD, OWNER = "coursemark", "only-for-this-run", "mailto:coursemark@school.example"
MANY = 1_000_000
VALIDATE = """
import sys
from ralph.models.xapi.base.statements import BaseXapiStatement
count = 0
for count, line in enumerate(sys.stdin.buffer, start=1):
    BaseXapiStatement.model_validate_json(line)
print(count)
"""


class Ralph(NamedTuple):
    """A store that runs; ``url`` is what ``coursemark export xapi --lrs`` takes."""

    url: str

    async def statements(self, **query: str) -> list[dict[str, Any]]:
        """What it has, as its own API says."""
        login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode("ascii")
        headers = {"X-Experience-API-Version": "1.0.3", "Authorization": f"Basic {login}"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.get(f"{self.url}/statements", params=query | {"limit": str(MANY)}) as answer,
        ):
            answer.raise_for_status()
            found: list[dict[str, Any]] = (await answer.json())["statements"]
            return found


def installed(folder: Path) -> Path:
    """Ralph's environment, made once; returns its folder of programs."""
    programs = folder / "bin"
    if not (programs / "ralph").exists():
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--require-hashes"]
        subprocess.run([*pip, "-r", str(REQUIREMENTS)], check=True)
    return programs


def validated(programs: Path, file: Path) -> int:
    """How many statements of a file Ralph's models accept; it ends with their words otherwise."""
    with file.open("rb") as lines:
        done = subprocess.run(
            [str(programs / "python"), "-c", VALIDATE],
            stdin=lines,
            stdout=subprocess.PIPE,
            check=True,
        )
    return int(done.stdout)


def prepared(programs: Path, folder: Path) -> dict[str, str]:
    """An empty folder for a store, with our login; returns the store's settings."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    environment = os.environ | {
        "RALPH_APP_DIR": str(folder),
        "RALPH_HISTORY_FILE": str(folder / "history.json"),
        "RALPH_AUTH_FILE": str(folder / "auth.json"),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_RUNSERVER_MAX_SEARCH_HITS_COUNT": str(MANY),
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(folder / "statements"),
    }
    login = ("auth", "--write-to-disk", "-u", USER, "-p", PASSWORD, "-s", "all", "-M", OWNER)
    ralph = str(programs / "ralph")
    subprocess.run([ralph, *login], env=environment, check=True, stdout=subprocess.DEVNULL)
    return environment


@asynccontextmanager
async def running(
    programs: Path, folder: Path, environment: dict[str, str]
) -> AsyncIterator[Ralph]:
    """The store, until the end of the block."""
    port = free_port()
    with (folder / "ralph.log").open("wb") as log:
        server = await asyncio.create_subprocess_exec(
            *(str(programs / "uvicorn"), "app:app", "--app-dir", APP, "--port", str(port)),
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            found = Ralph(f"http://127.0.0.1:{port}/xAPI")
            if not await until(lambda: _listens(port, server), within=30):
                raise RuntimeError(f"Ralph did not start; see {log.name}")
            yield found
        finally:
            if server.returncode is None:
                server.terminate()
            await server.wait()


async def _listens(port: int, server: asyncio.subprocess.Process) -> bool:
    if server.returncode is not None:
        raise RuntimeError("Ralph ended at its start")
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
