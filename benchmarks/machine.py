"""What the figures were measured on: hardware, versions, and how durable a commit was."""

import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

import asyncpg
import psutil

from benchmarks.servers import Servers
from services.runtime.embedded.apache_libs import DEFAULT_LIBS, java

LIBRARIES = (
    "aiokafka",
    "asyncpg",
    "eventsourcing",
    "faststream",
    "psycopg",
    "psycopg-binary",
    "pydantic",
    "uvloop",
)
SHOWN = (
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "wal_level",
    "wal_sync_method",
    "commit_delay",
    "shared_buffers",
    "max_wal_size",
    "checkpoint_timeout",
)
_WRITES = 300
_IDLE_SECONDS = 3


async def describe(servers: Servers) -> dict[str, Any]:
    """Everything that a reader needs to judge the figures, as JSON values.

    ``busy_percent`` is what others take of the processors while nothing is measured.
    """
    connection = await asyncpg.connect(servers.postgres.url)
    try:
        settings = {name: await connection.fetchval(f"SHOW {name}") for name in SHOWN}
        postgres = await connection.fetchval("SHOW server_version")
    finally:
        await connection.close()
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _said("git", "rev-parse", "--short=12", "HEAD"),
        "hardware": _hardware(servers.folder),
        "versions": {
            "python": platform.python_version(),
            "postgresql": postgres,
            "kafka": f"{servers.kafka.name}{_kafka_version()}",
            "java": _said(java() or "java", "-version").splitlines()[:1],
            **{name: version(name) for name in LIBRARIES},
        },
        "durability": {
            "postgresql": settings,
            "kafka": "one node, acks=all; Kafka's default of no fsync for each message",
        },
        "busy_percent": psutil.cpu_percent(interval=_IDLE_SECONDS),
    }


def _hardware(folder: Path) -> dict[str, Any]:
    disk = max(
        (
            part
            for part in psutil.disk_partitions(all=True)
            if folder.is_relative_to(part.mountpoint)
        ),
        key=lambda part: len(part.mountpoint),
    )
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": platform.platform(),
        "filesystem": disk.fstype,
        "fdatasync_ms": _fdatasync(folder),
    }


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), "?")


def _fdatasync(folder: Path) -> dict[str, float]:
    """What one durable write of 8 KiB costs here, in milliseconds: the least a commit can take."""
    file = folder / "fdatasync"
    times = []
    with file.open("wb+") as out:
        out.write(bytes(_WRITES * 8_192))
        os.fsync(out.fileno())
        for number in range(_WRITES):
            os.pwrite(out.fileno(), b"x" * 8_192, number * 8_192)
            began = perf_counter()
            os.fdatasync(out.fileno())
            times.append((perf_counter() - began) * 1e3)
    file.unlink()
    return percentiles(times)


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """The median and the 99th percentile."""
    cuts = quantiles(values, n=100, method="inclusive")
    return {"p50": round(cuts[49], 3), "p99": round(cuts[98], 3)}


def _kafka_version() -> str:
    found = sorted(DEFAULT_LIBS.glob("kafka_2.13-*.jar"))
    return f" {found[0].stem.rpartition('-')[2]}" if found else ""


def _said(*command: str) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return (done.stdout + done.stderr).strip()
