"""A part gives way to others, whether processors are shared by process or by session (B6)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHILD = """
import os, sys
from services.runtime.priority import give_way
from tests.unit.runtime.test_priority import session_niceness
give_way(int(sys.argv[1]))
print(os.getpriority(os.PRIO_PROCESS, 0), session_niceness())
"""


def session_niceness() -> str:
    """What the kernel shares by here: "none" where it knows no autogroups, or where a control
    group stands before them (then the file is there, and empty)."""
    session = Path("/proc/self/autogroup")
    said = session.read_text(encoding="ascii").split() if session.exists() else []
    return said[-1] if said else "none"


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


def test_b6_a_session_that_is_somebody_elses_is_left_as_it_is() -> None:
    before = session_niceness()
    assert given_way(5, session_of_its_own=False) == (5, before)
