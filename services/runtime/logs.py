"""Where a process's log goes."""

import logging
import sys
import time

_QUIET = ("aiokafka", "faststream", "asyncio", "services.runtime.bus.inbox")
"""Libraries that say much at INFO, of which little concerns whoever runs Coursemark; FastStream
speaks through the inbox's logger."""


def log_to_stderr(level: str) -> None:
    """Log to stderr from that level on, one line each, times in UTC; libraries from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(level)
    formatter = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s")
    formatter.datefmt = "%Y-%m-%dT%H:%M:%S"
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _QUIET if level != "DEBUG" else ():
        logging.getLogger(name).setLevel(logging.WARNING)
