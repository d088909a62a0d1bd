"""A port on the loopback interface that stays the same over restarts of one data folder."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the servers do: a closed connection in TIME_WAIT does not make a port taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port that the kernel says is free at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def remembered_port(file: Path) -> int:
    """The port written in `file` while it is free, else a new one, which is written there.

    So the address that a person wrote down yesterday still works today.
    """
    if file.exists():
        text = file.read_text(encoding="ascii").strip()
        if text.isdecimal() and is_free(int(text)):
            return int(text)
    port = free_port()
    file.write_text(f"{port}\n", encoding="ascii")
    return port
