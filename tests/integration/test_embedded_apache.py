"""Apache Kafka from its Maven artifacts: built once, durable, run from a command."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiokafka import TopicPartition

from services.runtime.embedded import ApacheKafka, apache_available
from services.runtime.embedded.apache_libs import ensure_libs
from services.runtime.embedded.kafka_ready import kafka_answers
from services.runtime.embedded.waiting import until
from tests.support.kafka import consumer, create_topic, producer, take
from tests.support.servers import server_folder, why_no_apache

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiokafka import AIOKafkaConsumer

_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder() -> Iterator[Path]:
    reason = why_no_apache()
    if reason is not None:
        pytest.skip(reason)
    with server_folder() as folder:
        yield folder


def _names(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


@pytest.mark.apache
@pytest.mark.slow
@pytest.mark.parametrize("how", ["stop", "kill"])
async def test_records_and_offsets_survive(folder: Path, how: str) -> None:
    async with ApacheKafka(folder) as kafka:
        address, partition = kafka.bootstrap, TopicPartition("kept", 0)
        await create_topic(address, "kept", partitions=1)
        async with (
            producer(address, enable_idempotence=True) as sender,
            consumer(address, group="readers") as reader,
        ):
            for n in range(20):
                await sender.send_and_wait("kept", str(n).encode())
            reader.assign([partition])
            await reader.commit({partition: 7})
        await (kafka.stop() if how == "stop" else kafka.kill())
        assert not kafka.running
        await kafka.start()
        assert kafka.bootstrap == address
        async with consumer(address, group="readers") as reader:
            # Right after its start the broker may not know the topic yet, and the client takes
            # that for "nothing was committed" and begins anew: once more, never once less.
            assert await until(lambda: _committed(reader, partition, 7), within=60)
            reader.assign([partition])
            records = await take(reader, 13)
    assert [int(r.value or b"") for r in records] == list(range(7, 20))


async def _committed(reader: AIOKafkaConsumer, partition: TopicPartition, offset: int) -> bool:
    return bool(await reader.committed(partition) == offset)


@pytest.mark.apache
@pytest.mark.slow
async def test_the_command_serves_until_it_is_interrupted(folder: Path) -> None:
    command = ("-m", "services.runtime.embedded", "apache", "--folder", str(folder))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", *command, cwd=_ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        first = (await process.stdout.readline()).decode()
        found = re.search(r"listens on (127\.0\.0\.1:\d+)", first)
        assert found, first
        assert await kafka_answers(found[1])
        process.send_signal(signal.SIGINT)
        rest = (await process.stdout.read()).decode()
        assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert "its topics are kept" in rest
    assert not await kafka_answers(found[1])


@pytest.mark.apache
@pytest.mark.slow
async def test_two_that_fetch_the_jars_at_once_get_one_whole_set(folder: Path) -> None:
    libs = folder / "libs"
    await asyncio.gather(ensure_libs(libs), ensure_libs(libs))
    assert any(name.startswith("kafka_2.13-") for name in _names(libs))
    assert sorted(_names(folder)) == ["libs", "libs.lock"]


def test_without_java_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert "there is no java" in (apache_available() or "")


def test_an_old_java_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = tmp_path / "java"
    old.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert "java is of version 11" in (apache_available() or "")
