"""The jars of Apache Kafka, fetched once by Maven, and whether this machine can do that.

<libs>          the jars, complete or absent
<libs>.lock     held while somebody fetches them
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from services.runtime.embedded.server import ServerError

if TYPE_CHECKING:
    from collections.abc import Sequence

SOURCES = Path(__file__).resolve().parents[3] / "deploy" / "kafka"
"""The pom and the template of the settings; part of the source tree, not of the wheel."""

DEFAULT_LIBS = SOURCES.parents[1] / ".coursemark" / "kafka" / "libs"

_JAVA_LEAST = 17
_FETCH_SECONDS = 600
_ASK_SECONDS = 60


def java() -> str | None:
    """The path of `java`: of JAVA_HOME, else of PATH; None where there is none."""
    home = os.environ.get("JAVA_HOME")
    if home and os.access(Path(home) / "bin" / "java", os.X_OK):
        return str(Path(home) / "bin" / "java")
    return shutil.which("java")


def apache_available(libs: Path = DEFAULT_LIBS) -> str | None:
    """Why Apache Kafka cannot run here, as a sentence; None where it can."""
    if not (SOURCES / "pom.xml").exists():
        return "deploy/kafka is not here: it is part of the source tree, not of the wheel"
    binary = java()
    if binary is None:
        return f"there is no java (install a Java runtime {_JAVA_LEAST} or newer)"
    version = _java_version(binary)
    if version < _JAVA_LEAST:
        return f"java is of version {version}; Kafka 4 needs {_JAVA_LEAST} or newer"
    if not libs.exists() and shutil.which("mvn") is None:
        return "there is no mvn (install Maven; it fetches the jars once)"
    return None


def _java_version(binary: str) -> int:
    """The major version, 0 where it cannot be told."""
    asked = _run([binary, "-version"], within=_ASK_SECONDS)
    found = re.search(r'version "(\d+)', asked.stdout)
    return int(found[1]) if found else 0


async def ensure_libs(libs: Path = DEFAULT_LIBS) -> None:
    """Fetch the jars if they are not there; safe when several processes do it at once."""
    await asyncio.to_thread(_ensure, libs)


def _ensure(libs: Path) -> None:
    reason = apache_available(libs)
    if reason is not None:
        raise ServerError(
            "server_missing",
            f"Apache Kafka cannot run here: {reason}.",
            "Or use --kafka embedded, or --kafka HOST:PORT of a broker that exists.",
        )
    if not libs.exists():
        _fetch(libs)


def _fetch(libs: Path) -> None:
    libs.parent.mkdir(parents=True, exist_ok=True)
    with libs.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the kernel lets go of it if we die
        if libs.exists():
            return  # somebody else was first
        partial = libs.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        command = [
            shutil.which("mvn") or "mvn",
            "--batch-mode",
            "--quiet",
            f"--file={SOURCES / 'pom.xml'}",
            "dependency:copy-dependencies",
            "-DincludeScope=runtime",
            f"-DoutputDirectory={partial}",
        ]
        done = _run(command, within=_FETCH_SECONDS)
        if done.returncode != 0:
            raise ServerError(
                "server_missing",
                f"Maven could not fetch Apache Kafka (exit code {done.returncode}).",
                f"It said:\n{done.stdout}",
            )
        partial.rename(libs)


def _run(command: Sequence[str], *, within: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - fixed words and paths of ours, no shell
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=within,
    )
