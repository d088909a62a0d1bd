"""B13: every event stands in the export once, however often it is broken off; nothing is half."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import duckdb
import pytest

from contracts.events import LearnerEnrolled
from services.export import folder as folders
from services.export.events import EventExport, Limits
from services.export.folder import STATE, begun, opened
from services.export.ndjson import Lines
from services.export.parquet import Columns
from services.store.mapper import decode
from services.store.records import ORIGIN
from services.store.restore import renumber_transactions
from services.store.selection import Wanted
from tests.support.cohort import EVENTS, attend
from tests.support.happened import enrolled
from tests.support.poison import POISON, append_poison
from tests.support.school import day
from tests.support.spec import BEFORE

if TYPE_CHECKING:
    from pathlib import Path

    from services.export.chunk import Chunk
    from services.store.log import EventLog
    from tests.integration.export.conftest import Call
    from tests.support.appended import Appender

LEARNERS = 15
ASKED: dict[str, Any] = {"format": "any", "school": None, "course": None, "types": None}
KINDS = pytest.mark.parametrize("kind", [Columns, Lines])


def in_lines(path: Path) -> list[dict[str, Any]]:
    """Every line of the files, in the order of their names."""
    files = sorted(path.glob("*.ndjson"))
    return [json.loads(line) for file in files for line in file.read_bytes().splitlines()]


def rows(path: Path) -> list[tuple[str, str]]:
    """Id and position of every event that the export's files have, in no order."""
    found = [(it["id"], it["position"]) for it in in_lines(path)]
    if next(path.rglob("*.parquet"), None) is not None:
        query = """
            select event_id, transaction_id || ':' || notification_id
            from read_parquet($1, union_by_name = true)"""
        found += duckdb.execute(query, [f"{path}/**/*.parquet"]).fetchall()
    return found


async def of_log(log: EventLog) -> list[tuple[str, str]]:
    everything = await log.follow(ORIGIN, 100_000)
    return [(f"{it.originator_id}@{it.originator_version}", str(it.position)) for it in everything]


def written(path: Path) -> dict[Path, int]:
    """The export's files, each with when it was written."""
    return {file: file.stat().st_mtime_ns for file in path.rglob("*-*.*")}


SMALL = Limits(size=20_000, stretch=100)
"""So small that a run writes several chunks."""


async def export(log: EventLog, path: Path, chunk: Chunk, limits: Limits = SMALL) -> None:
    """One run."""
    with opened(path) as folder:
        state = begun(folder.state(), ASKED, None)
        run = EventExport(log, folder, chunk, state, limits)
        told = await run.run(Wanted(), await log.head(), (), asyncio.Event(), lambda _: None)
        assert told.complete


@KINDS
async def test_what_came_since_is_added_and_nothing_twice(
    log: EventLog, appender: Appender, tmp_path: Path, kind: type[Chunk]
) -> None:
    await attend(appender, LEARNERS)
    await export(log, tmp_path, kind())
    before = written(tmp_path)
    await attend(appender, LEARNERS, "hill%top", "b")
    await export(log, tmp_path, kind())
    await export(log, tmp_path, kind())
    assert Counter(rows(tmp_path)) == Counter(await of_log(log))
    assert before.items() <= written(tmp_path).items()


class CrashError(BaseException):
    """The process is gone."""


class Crashing:
    """Forcing to disk, of which one ends the process; all are counted."""

    def __init__(self, at: int | None) -> None:
        self.at = at
        self.forced = 0

    def __call__(self, path: Path) -> None:
        self.forced += 1
        if self.forced == self.at:
            raise CrashError
        force(path)


force = folders._force


@KINDS
async def test_a_crash_at_any_step_leaves_no_half_file_and_no_event_twice(
    log: EventLog, appender: Appender, tmp_path: Path, kind: type[Chunk]
) -> None:
    """A step ends where something is forced to disk: files, folders, the state."""
    await attend(appender, LEARNERS)
    everything = Counter(await of_log(log))
    with patch.object(folders, "_force", steps := Crashing(None)):
        await export(log, tmp_path / "whole", kind())
    assert len(written(tmp_path / "whole")) >= 3
    some = 1 if kind is Lines else 5  # columns have many files, each like the other
    for step in range(1, steps.forced + 1, some):
        path = tmp_path / str(step)
        with patch.object(folders, "_force", Crashing(step)), pytest.raises(CrashError):
            await export(log, path, kind())
        there = rows(path)  # every file can be read
        assert len(there) == len(set(there))
        await export(log, path, kind(), Limits())  # the next chunk ends elsewhere
        assert Counter(rows(path)) == everything, step
        assert list(path.rglob("*.partial")) == []


async def test_columns_are_typed_by_version_school_and_month(
    appender: Appender, call: Call, tmp_path: Path
) -> None:
    """A school's id may have any characters, and be a number; the month is the record's."""
    common = BEFORE | {"attempt": 1, "structure_version": 1}
    odd = ("007", "a=b%&ü", "日" * 128)
    await appender.append(
        [
            (
                f"{school}/u/c",
                enrolled()
                .completed(common | {"school": school, "learner": "u", "course": "c"})
                .model_copy(update={"recorded_at": day(30 * number)}),
            )
            for number, school in enumerate(odd)
        ]
    )
    done = await call("export", "events", "--format", "parquet", "--out", tmp_path)
    assert done.returncode == 0, done
    dataset = tmp_path / "coursemark.progress.learner_enrolled.v1"
    paths = sorted(str(it.parent.relative_to(dataset)) for it in dataset.rglob("*.parquet"))
    assert paths[:2] == ["school=007/month=2024-05", "school=a%3Db%25%26%C3%BC/month=2024-05"]
    assert paths[2].startswith("school=~")
    assert paths[2].endswith("/month=2024-06")
    query = """
        select event_id, school, month, learner, recorded_at
        from read_parquet($1, hive_types = {'school': varchar})
        order by event_id"""
    found = duckdb.execute(query, [f"{dataset}/*/*/*.parquet"]).fetchall()
    assert [row[:4] for row in found[:2]] == [
        ("007/u/c@1", "007", "2024-05", "u"),
        ("a=b%&ü/u/c@1", "a=b%&ü", "2024-05", "u"),
    ]
    assert [row[0] for row in found] == [f"{school}/u/c@1" for school in odd]
    assert found[0][4] == day(0)


async def test_a_line_has_the_log_s_own_data_in_the_log_s_order(
    log: EventLog, appender: Appender, call: Call, tmp_path: Path
) -> None:
    """White space in what somebody wrote by hand does not break a line."""
    await attend(appender, 2)
    [event] = appender.events(enrolled())
    data = json.dumps(json.loads(event.to_json()), indent=1).encode()
    await log.pool.execute(
        "insert into stored_events values ('riverside/u-1204/biology-1', 1, $1, $2)",
        "coursemark.progress.learner_enrolled.v1",
        data,
    )
    chosen = ("--school", "riverside", "--type", "learner_enrolled")
    done = await call("export", "events", "--format", "ndjson", "--out", tmp_path, *chosen)
    assert done.returncode == 0, done
    lines = in_lines(tmp_path)
    assert [it["id"].split("/")[1] for it in lines] == ["u-0", "u-1", "u-1204"]
    last = lines[-1]
    assert isinstance(decode(last["type"], json.dumps(last["data"]).encode()), LearnerEnrolled)
    assert last["data"] == json.loads(data)


async def test_a_poison_event_stops_it_and_is_left_out_by_name_on_record(
    log: EventLog, appender: Appender, call: Call, tmp_path: Path
) -> None:
    await attend(appender, 2)
    await append_poison(log)
    await attend(appender, 2, "hilltop", "b")
    words = ("export", "events", "--format", "parquet", "--out", tmp_path, "--json")
    stopped = await call(*words)
    assert stopped.returncode == 70
    assert f"--skip {POISON} [poison_event]" in stopped.stderr
    assert len(rows(tmp_path)) == 1 + 2 * EVENTS
    done = await call(*words, "--skip", POISON)
    assert done.returncode == 0, done
    told = json.loads(done.stdout)
    assert (told["skipped"], told["total"]) == ([POISON], 2 * (1 + 2 * EVENTS))
    assert json.loads((tmp_path / STATE).read_bytes())["skipped"] == [POISON]
    assert len(rows(tmp_path)) == told["total"]


async def test_another_log_or_a_restored_one_is_told_from_the_one_that_was_exported(
    log: EventLog, appender: Appender, call: Call, tmp_path: Path
) -> None:
    await attend(appender, 2)
    words = ("export", "events", "--format", "ndjson", "--out", tmp_path)
    assert (await call(*words)).returncode == 0
    await renumber_transactions(log.pool)
    refused = await call(*words)
    assert refused.returncode == 1
    assert "[log_differs]" in refused.stderr


async def test_what_cannot_be_exported_is_told_by_a_code(
    log: EventLog, appender: Appender, call: Call, tmp_path: Path
) -> None:
    await attend(appender, 2)
    out = ("--out", tmp_path / "x")
    (tmp_path / "file").touch()
    for words, code, exit_code in (
        (("--format", "ndjson", "--out", tmp_path / "file"), "folder_unusable", 2),
        (("--format", "ndjson", "--out", "/proc/nowhere"), "folder_unusable", 2),
        (("--format", "ndjson", *out, "--school", "nowhere"), "unknown_school", 2),
        (("--format", "ndjson", *out, "--type", "nothing"), "unknown_type", 2),
    ):
        refused = await call("export", "events", *words)
        assert (refused.returncode, f"[{code}]" in refused.stderr) == (exit_code, True), refused
    assert (await call("export", "events", "--format", "csv", *out)).returncode == 2
    assert (
        await call("export", "events", "--format", "ndjson", *out, "--since", "1")
    ).returncode == 2
    assert not (tmp_path / "x").exists()
    with patch.dict(sys.modules, {"pyarrow": None, "services.export.parquet": None}):
        del sys.modules["services.export.parquet"]
        missing = await call("export", "events", "--format", "parquet", *out)
    assert missing.returncode == 78
    assert "pip install 'coursemark[analytics]'" in missing.stderr
    middle = (await log.follow(ORIGIN, 10))[-1].position
    begun = await call("export", "events", "--format", "ndjson", *out, "--since", middle)
    assert begun.returncode == 0
    assert len(rows(tmp_path / "x")) == len(await of_log(log)) - 10
    other = await call("export", "events", "--format", "parquet", *out)
    assert (other.returncode, "[export_differs]" in other.stderr) == (2, True)
