"""Where a process's log goes."""

import logging
import sys
import time

_QUIET = ("aiokafka", "faststream", "asyncio", "services.runtime.bus.inbox")
"""Libraries that say much at INFO, of which little concerns whoever runs Coursemark; FastStream
speaks through the inbox's logger."""

_CHATTY = ("aiokafka", "faststream")
SPARING_SECONDS = 10.0
"""While a broker is away aiokafka says so ten times a second."""


class Sparing(logging.Filter):
    """Of what a library says again and again, one line in ten seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written; lines that differ in their numbers alone are the same."""
        if not record.name.startswith(_CHATTY):
            return True
        line = record.name, str(record.msg)
        if record.created - self._said.get(line, 0.0) < SPARING_SECONDS:
            return False
        self._said[line] = record.created
        return True


def log_to_stderr(level: str) -> None:
    """Log to stderr from that level on, one line each, times in UTC; libraries from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(level)
    formatter = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s")
    formatter.datefmt = "%Y-%m-%dT%H:%M:%S"
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    if level != "DEBUG":
        handler.addFilter(Sparing())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _QUIET if level != "DEBUG" else ():
        logging.getLogger(name).setLevel(logging.WARNING)
