"""kill -9 of Coursemark leaves no server behind: the kernel ends them."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import psutil  # type: ignore[import-untyped] # it ships no types
import pytest

from services.runtime.embedded.waiting import until
from tests.support.servers import server_folder, why_no_apache

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")

_ROOT = Path(__file__).resolve().parents[2]
_PARENT = """
import asyncio, sys
from pathlib import Path
from services.runtime import embedded

async def main():
    server = getattr(embedded, sys.argv[1])(Path(sys.argv[2]))
    await server.start()
    print(server.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.parametrize(
    "kind",
    [
        "EmbeddedPostgres",
        "EmbeddedBroker",
        pytest.param("ApacheKafka", marks=pytest.mark.apache),
    ],
)
async def test_kill_9_of_the_parent_leaves_no_orphan(kind: str) -> None:
    reason = why_no_apache() if kind == "ApacheKafka" else None
    if reason is not None:
        pytest.skip(reason)
    with server_folder() as folder:
        parent = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _PARENT, kind, str(folder), cwd=_ROOT, stdout=subprocess.PIPE
        )
        assert parent.stdout is not None
        server = psutil.Process(int(await parent.stdout.readline()))
        family = [server, *server.children(recursive=True)]
        parent.send_signal(signal.SIGKILL)
        await parent.wait()

        async def gone() -> bool:
            return not any(_alive(process) for process in family)

        try:
            assert await until(gone, within=60), [p for p in family if _alive(p)]
        finally:
            for orphan in filter(_alive, family):
                orphan.kill()


def _alive(process: psutil.Process) -> bool:
    """Whether it runs; a zombie waits only for a parent that reaps it."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
