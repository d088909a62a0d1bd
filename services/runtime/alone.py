"""One ``coursemark up`` on a data folder at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FolderInUseError(Exception):
    """``data_folder_in_use``: another ``coursemark up`` works in the folder."""

    code = "data_folder_in_use"


@contextmanager
def alone_in(data: Path) -> Iterator[None]:
    """Hold the folder; the kernel lets go of it if we die.

    Raises:
        FolderInUseError: somebody else holds it.
    """
    (data / "run").mkdir(parents=True, exist_ok=True)
    with (data / "run" / "up.lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise FolderInUseError(
                f"Coursemark runs in {data} already (process {lock.read().strip()}); use it, "
                "stop it with Ctrl-C where it runs, or choose another folder with --data."
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield
