"""The page on analytics works as it stands, and its two answers to each question are equal."""

from __future__ import annotations

import asyncio
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from contracts.events import CourseCompleted
from contracts.topics import Stream
from services.projector.runtime import Projector
from tests.support.cohort import attend
from tests.support.command_line import coursemark
from tests.support.happened import reset_revoked
from tests.support.kafka import whole
from tests.support.xapi import receiving

if TYPE_CHECKING:
    import pytest

    from services.store.log import EventLog
    from tests.integration.export.conftest import Call
    from tests.support.appended import Appender

PAGE = (Path(__file__).parents[3] / "docs" / "how-to" / "analytics.md").read_text("utf-8")
STORE = "https://lrs.example.org/xapi"
TOPIC = "replays.riverside"
LEARNERS, UNDONE = 70, 5


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


def in_folder(path: Path) -> list[str]:
    return sorted(it.name for it in path.iterdir())


def queries(engine: str) -> list[str]:
    return [it for it in blocks("sql") if it.startswith(f"-- {engine}\n")]


async def test_the_same_question_has_the_same_answer(
    log: EventLog,
    appender: Appender,
    call: Call,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R3: in both, what a reset has closed still counts; A3: of one school alone.

    B7: and what was undone does not.
    """
    await attend(appender, LEARNERS)
    await attend(appender, 7, "riverside", "chemistry-2")
    await attend(appender, 9, "hilltop", "biology-1")
    for number in range(UNDONE):
        undo = reset_revoked(17, (14, CourseCompleted, {}), complete=False, completions=0)
        await appender.happened(undo, to=Stream("riverside", f"u-{number}", "biology-1"))
    await Projector(log).catch_up("progress", "events_log")
    monkeypatch.chdir(tmp_path)
    [export] = [it for it in blocks("sh") if "--format parquet" in it]
    assert (await call(*shlex.split(export)[1:])).returncode == 0
    of_files, of_views = queries("DuckDB"), queries("PostgreSQL")
    assert len(of_files) == len(of_views) == 2
    answers: list[list[tuple[Any, ...]]] = []
    for of_file, of_view in zip(of_files, of_views, strict=True):
        found = duckdb.execute(of_file).fetchall()
        assert found == [tuple(row) for row in await log.pool.fetch(of_view)]
        answers.append(found)
    seconds = [sum(60 + number + 30 for number in range(count)) for count in (LEARNERS, 7)]
    assert answers[0] == [
        ("biology-1", LEARNERS, seconds[0]),
        ("chemistry-2", 7, seconds[1]),
    ]
    assert [row[0] for row in answers[1]] == ["2024-05", "2024-06", "2024-07"]
    assert sum(row[1] for row in answers[1]) == LEARNERS + 7 - UNDONE


async def test_every_command_of_the_page_runs(
    appender: Appender,
    call: Call,
    embedded_kafka: str,
    topic_prefix: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The store is one of ours, and the topic has the test's prefix."""
    await attend(appender, 3)
    monkeypatch.chdir(tmp_path)
    topic = f"{topic_prefix}{TOPIC}"
    variables = call.variables | {
        "COURSEMARK_KAFKA": embedded_kafka,
        "COURSEMARK_KAFKA_IDEMPOTENCE": "off",
        "COURSEMARK_TOPIC_PREFIX": topic_prefix,
    }
    async with receiving() as receiver:
        script = "".join(blocks("sh")).replace(STORE, receiver.url).replace(TOPIC, topic)
        for line in script.splitlines():
            first, *words = shlex.split(line)
            if first == "export":
                variables |= [words[0].split("=", 1)]
                continue
            assert first == "coursemark"
            done = await asyncio.to_thread(coursemark, *words, **variables)
            assert done.returncode == 0, done
        assert len(receiver.has) == 30
    assert len(await whole(embedded_kafka, topic)) == 61
    assert in_folder(tmp_path) == ["events", "lines", "statements.jsonl"]
