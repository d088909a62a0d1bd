"""Runs inside the new process, just before it becomes the server; imports nothing of ours.

A script of its own rather than `preexec_fn`, which may deadlock in a process with threads. It

1. gives up root, when told to (PostgreSQL refuses to run as root);
2. asks the kernel for a signal when the parent dies, so that kill -9 of Coursemark leaves no
   server behind. Linux only; elsewhere the next start finds the leftover and says so;
3. becomes the server, with the same process id.

Usage: launch.py PARENT_PID SIGNAL UID GID REACH PROGRAM [ARGUMENT...]; UID and GID of -1 mean
"stay who you are". REACH of 1 keeps the right to pass closed folders (CAP_DAC_OVERRIDE): a
checkout under /root, which is closed to others, could not run PostgreSQL otherwise, and opening
such a folder to everybody is not ours to do.
"""

import ctypes
import os
import struct
import sys

# <linux/prctl.h> and <linux/capability.h>
_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522


def _checked(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def _become(libc: ctypes.CDLL, uid: int, gid: int, *, reach: bool) -> None:
    """Turn from root into `uid`; with `reach`, keep one capability across exec."""
    if reach:
        _checked(libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0), "keep capabilities")
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if reach:
        bit = 1 << _CAP_DAC_OVERRIDE
        header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
        effective_permitted_inheritable = struct.pack("6I", bit, bit, bit, 0, 0, 0)
        _checked(libc.capset(header, effective_permitted_inheritable), "capset")
        raised = libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)
        _checked(raised, "keep CAP_DAC_OVERRIDE")


def main(arguments: list[str]) -> None:
    """Do the three steps; does not return."""
    parent, signal, uid, gid, reach = (int(word) for word in arguments[:5])
    program = arguments[5:]
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if uid >= 0:
            _become(libc, uid, gid, reach=bool(reach))
        # After the change of user, which clears it.
        _checked(libc.prctl(_PR_SET_PDEATHSIG, signal, 0, 0, 0), "ask for the parent's death")
        if os.getppid() != parent:
            sys.exit("the process that started this server is gone already")
    elif uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.execv(program[0], program)  # noqa: S606 - the point: no shell, our own fixed programs


if __name__ == "__main__":
    main(sys.argv[1:])
