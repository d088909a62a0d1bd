"""A part gives way to others, whether processors are shared by process or by session (B6)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SESSION = Path("/proc/self/autogroup")
CHILD = """
import os, sys
from services.runtime.priority import give_way
give_way(int(sys.argv[1]))
session = open("/proc/self/autogroup").read() if os.path.exists("/proc/self/autogroup") else ""
print(os.getpriority(os.PRIO_PROCESS, 0), session.split()[-1] if session else "none")
"""


def given_way(niceness: int, *, session_of_its_own: bool) -> tuple[int, str]:
    """How much lower a child is than this process, and its session's niceness then."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(niceness)],
        start_new_session=session_of_its_own,
        capture_output=True,
        text=True,
        check=True,
    )
    own, session = done.stdout.split()
    return int(own) - os.getpriority(os.PRIO_PROCESS, 0), session


@pytest.mark.parametrize("niceness", [0, 5])
def test_b6_the_process_and_its_own_session_give_way(niceness: int) -> None:
    lower, session = given_way(niceness, session_of_its_own=True)
    assert lower == niceness
    assert session in {str(niceness), "none"}


@pytest.mark.skipif(not SESSION.exists(), reason="this kernel knows no autogroups")
def test_b6_a_session_that_is_somebody_elses_is_left_as_it_is() -> None:
    before = SESSION.read_text().split()[-1]
    assert given_way(5, session_of_its_own=False) == (5, before)
