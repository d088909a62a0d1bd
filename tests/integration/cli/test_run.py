"""One part in the foreground: when it is at work, how it stops, and with which exit code."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

import pytest

from services.composition import RUNS
from services.runtime.embedded.waiting import until
from tests.support.command_line import coursemark, process

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("part", RUNS)
async def test_a_part_tells_when_it_is_at_work_and_stops_in_good_order(
    part: str, embedded_kafka: str, database_url: str, topic_prefix: str, tmp_path: Path
) -> None:
    ready = tmp_path / "ready"
    running = await process(
        *("run", part, "--ready-file", str(ready)),
        *("--kafka", embedded_kafka, "--database", database_url),
        COURSEMARK_TOPIC_PREFIX=topic_prefix,
        COURSEMARK_KAFKA_IDEMPOTENCE="off",
    )

    async def at_work() -> bool:
        return ready.exists() or running.returncode is not None

    assert await until(at_work, within=60)
    assert ready.read_text() == f"{running.pid}\n"
    gives_way = os.getpriority(os.PRIO_PROCESS, running.pid) - os.getpriority(os.PRIO_PROCESS, 0)
    assert gives_way == RUNS[part].gives_way
    running.send_signal(signal.SIGTERM)
    out, log = await asyncio.wait_for(running.communicate(), 60)
    assert (running.returncode, out) == (0, b""), log
    assert f"{part} is at work" in log.decode()
    assert f"{part} has stopped" in log.decode()
    assert not ready.exists()


async def test_a_broker_that_is_away_is_69(database_url: str) -> None:
    running = await process(
        "run", "command-worker", "--kafka", "127.0.0.1:1", "--database", database_url
    )
    _, said = await asyncio.wait_for(running.communicate(), 60)
    assert running.returncode == 69
    assert "No Kafka broker answers at 127.0.0.1:1" in said.decode()
    assert "Traceback" not in said.decode()


def test_servers_that_were_never_started_are_69(tmp_path: Path) -> None:
    refused = coursemark("run", "projector", "--data", str(tmp_path))
    assert refused.returncode == 69
    assert "start it with `coursemark up`" in refused.stderr


def test_a_database_that_refuses_us_is_78(database_url: str) -> None:
    wrong = database_url.replace("coursemark:", "coursemark:not-")
    refused = coursemark("run", "projector", "--database", wrong, "--kafka", "127.0.0.1:1")
    assert refused.returncode == 78
    assert "PostgreSQL refuses us" in refused.stderr
    assert "not-" not in refused.stderr


def test_wrong_settings_are_78_and_wrong_usage_is_2() -> None:
    assert coursemark("run", "projector", COURSEMARK_PARTITIONS="many").returncode == 78
    unknown = coursemark("run", "teleporter")
    assert unknown.returncode == 2
    assert "teleporter is none of command-worker" in unknown.stderr.replace("\n", " ")
