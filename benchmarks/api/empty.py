"""``python -m benchmarks.api.empty``: an endpoint that answers nothing, on the API's framework.

The same FastAPI under the same uvicorn and its settings, in a process as a part is one, without
middleware, token, limit or database. Prints its address and serves until its input ends.
"""

import asyncio
import sys

import uvloop
from fastapi import FastAPI

from services.runtime.collecting import few_collections
from services.runtime.http import serve

app = FastAPI(openapi_url=None)
CONNECTIONS = 5_000


@app.get("/empty")
async def empty() -> dict[str, str]:
    return {}


def _ready(where: str) -> None:
    print(where, flush=True)


async def run() -> None:
    stop = asyncio.Event()
    ending = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    ending.add_done_callback(lambda _: stop.set())
    with few_collections():
        await serve(app, "127.0.0.1", 0, stop, _ready, connections=CONNECTIONS)
    await ending


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())
