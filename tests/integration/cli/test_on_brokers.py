"""The commands on the embedded broker and on Apache Kafka alike."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from services.runtime.embedded.waiting import until
from tests.integration.cli.conftest import School, lines
from tests.support.command_line import Done, coursemark, json_lines, process

if TYPE_CHECKING:
    from pathlib import Path

SCHOOL = School("alike")


async def test_a_school_is_sent_and_answered_shown_and_looked_at(
    kafka: str, database_url: str, topic_prefix: str, tmp_path: Path
) -> None:
    variables = {
        "COURSEMARK_TOPIC_PREFIX": topic_prefix,
        "COURSEMARK_KAFKA_IDEMPOTENCE": "off",
        "COURSEMARK_KAFKA": kafka,
        "COURSEMARK_DATABASE": database_url,
    }

    async def call(*words: str, stdin: str = "") -> Done:
        return await asyncio.to_thread(coursemark, *words, stdin=stdin, **variables)

    names = ("command-worker", "reference-data")
    files = {name: tmp_path / name for name in names}
    parts = [
        await process("run", name, "--ready-file", str(file), **variables)
        for name, file in files.items()
    ]
    try:

        async def at_work() -> bool:
            return all(file.exists() for file in files.values())

        assert await until(at_work, within=60)
        everything = lines(*SCHOOL.reference(), SCHOOL.enroll(), SCHOOL.mark())
        sent = await call("send", "--file", "-", "--json", stdin=everything + "garbage\n")
        assert sent.returncode == 1
        assert [it["kind"] for it in json_lines(sent.stdout)].count("accepted") == 2
        looked = {it["what"]: it for it in json.loads((await call("doctor", "--json")).stdout)}
        for name in ("Kafka", "topics", *names):
            assert looked[name]["status"] == "ok", looked
        assert looked["command-worker"]["detail"] == "1 running, 0 records waiting"
        assert json_lines((await call("dead", "list", "--json")).stdout) == []
    finally:
        for part in parts:
            part.terminate()
        ended = [(await part.communicate(), part.returncode) for part in parts]
    assert [code for _, code in ended] == [0, 0], ended
