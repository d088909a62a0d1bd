"""Runs a broker in the foreground until Ctrl-C, for several Coursemark processes to share.

`python -m services.runtime.embedded apache|embedded [--folder FOLDER] [--port PORT]`
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from services.runtime.embedded.apache import ApacheKafka
from services.runtime.embedded.broker import EmbeddedBroker
from services.runtime.embedded.server import KafkaServer, ServerError

_DEFAULT_FOLDER = Path(".coursemark") / "kafka"


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 - a command's output; a script may wait for it


async def _serve(broker: KafkaServer, farewell: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    async with broker:
        _say(f"{broker.name} listens on {broker.bootstrap} (log: {broker.log}). Ctrl-C stops it.")
        await stop.wait()
    _say(f"{broker.name} has stopped; {farewell}.")


def main() -> None:
    """Read the command line and serve; exit code 1 and a sentence where that fails."""
    parser = argparse.ArgumentParser(prog="python -m services.runtime.embedded")
    parser.add_argument("kind", choices=("apache", "embedded"))
    parser.add_argument("--folder", type=Path, default=_DEFAULT_FOLDER)
    parser.add_argument("--port", type=int, help="default: that of the last time, else a free one")
    asked = parser.parse_args()
    folder, port = asked.folder / asked.kind, asked.port
    try:
        if asked.kind == "apache":
            asyncio.run(_serve(ApacheKafka(folder, port=port), "its topics are kept"))
        else:
            asyncio.run(_serve(EmbeddedBroker(folder, port=port), "its topics are gone"))
    except ServerError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
