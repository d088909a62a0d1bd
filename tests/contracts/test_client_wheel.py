"""The client of the API from the wheel `coursemark-contracts[client]`: httpx, pydantic, no more."""

from __future__ import annotations

import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from tests.support.contracts_wheel import python, site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CALLER = """
import asyncio, sys

from coursemark_contracts.client import AsyncClient, Client, ProblemError
from coursemark_contracts.commands import EnrollLearner

server, token = sys.argv[1:]
with Client(server, token) as client:
    print(client.me().school)
    try:
        client.enroll_learner(EnrollLearner(school="s", learner="u-1", course="c"))
    except ProblemError as error:
        print(error.status, error.code)

async def main():
    async with AsyncClient(server, token) as client:
        print((await client.me()).actor)

asyncio.run(main())
assert not {"contracts", "services", "aiohttp", "asyncpg"} & set(sys.modules)
"""


class _Api(BaseHTTPRequestHandler):
    """Says who asks, and refuses every command."""

    def do_GET(self) -> None:
        self._say(200, {"school": "riverside", "token": "tok_1", "actor": "u-7"})

    def do_POST(self) -> None:
        self._say(404, {"status": 404, "code": "unknown_learner", "detail": "Nobody."})

    def _say(self, status: int, body: object) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        said = json.dumps(body).encode()
        self.send_response(status if self.headers["authorization"] == "Bearer t" else 401)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Api) as api:
        thread = threading.Thread(target=api.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{api.server_port}"
        api.shutdown()
        thread.join()


def test_the_wheel_with_httpx_beside_it_calls_an_api(
    tmp_path: Path, server: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    alone = site(tmp_path_factory.mktemp("caller"), "pydantic", "httpx")
    script = tmp_path / "caller.py"
    script.write_text(CALLER, "utf-8")
    done = subprocess.run(
        python(alone, script, server, "t"), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["riverside", "404 unknown_learner", "u-7"]
