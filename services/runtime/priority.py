"""How far a process gives way to others on a machine that they share."""

import os
import time
from pathlib import Path

_SESSION = Path("/proc/self/autogroup")
_TRIES, _PAUSE = 50, 0.11
"""The kernel takes one such change in a tenth of a second, of all processes together."""


def give_way(niceness: int) -> None:
    """Lower this process's priority, 0 (not at all) to 19.

    Where Linux shares processors between sessions first, a process's own niceness counts within
    its session alone (sched(7), autogroups); so that of a session which is ours goes down too.

    Raises:
        OSError: the kernel refuses it.
    """
    os.nice(niceness)
    if niceness and os.getsid(0) == os.getpid() and _SESSION.exists():
        _lower_session(niceness)


def _lower_session(niceness: int) -> None:
    for remaining in reversed(range(_TRIES)):
        try:
            _SESSION.write_text(f"{niceness}\n", encoding="ascii")
        except BlockingIOError:
            if not remaining:
                raise
            time.sleep(_PAUSE)
        else:
            return
