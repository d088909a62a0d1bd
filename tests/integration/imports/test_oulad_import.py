"""The Open University's completions as one file: some of its learners, without Kafka."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.oulad import completions, mapping, planted
from benchmarks.oulad.source import Tables, read
from contracts.directory import User
from tests.support import oulad
from tests.support.import_office import Office, comparable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from services.store.log import EventLog


@pytest.fixture(scope="module")
def tables() -> Tables:
    folder = oulad.folder()
    if folder is None:
        pytest.skip("no Open University data beside the repository; name them: COURSEMARK_OULAD")
    return oulad.sample(read(folder), 60, seed=7)


async def university(log: EventLog, tables: Tables) -> Office:
    office = await Office(log).open()
    people = [it for it in mapping.directory(tables) if isinstance(it, User)]
    await office.take(people, mapping.catalog(tables))
    return office


def written(folder: Path, lines: Sequence[completions.Cells]) -> bytes:
    return completions.write(folder / "completions.csv", lines).read_bytes()


async def test_b4_b8_the_file_again_and_shuffled_comes_to_the_same(
    log: EventLog, tables: Tables, tmp_path: Path
) -> None:
    """`make import` shows it for all learners, through Kafka and the views."""
    lines = list(completions.completions(tables))
    learners = dict.fromkeys(line[0] for line in lines)
    courses = dict.fromkeys(line[1] for line in lines)
    first, second = await university(log, tables), await university(log, tables)
    report = await first.import_(written(tmp_path, lines), "once")
    assert (report.total, report.failed) == (len(lines), {})
    records = await first.records(learners, courses)
    before = await first.streams()
    again = await first.import_(written(tmp_path, completions.shuffled(lines, 3)), "again")
    assert (again.done, sum(again.skipped.values())) == (0, len(lines))
    assert await first.streams() == before
    await second.import_(written(tmp_path, completions.shuffled(lines, 4)))
    assert comparable(await second.records(learners, courses)) == comparable(records)


async def test_b8_each_of_forty_planted_errors_is_listed(
    log: EventLog, tables: Tables, tmp_path: Path
) -> None:
    """Of every kind, in one go, with the line that a spreadsheet shows; nothing else is."""
    changed, expected = planted.planted(list(completions.completions(tables)), seed=5)
    content = planted.write(tmp_path / "planted.xlsx", changed).read_bytes()
    found = await (await university(log, tables)).check(content)
    assert len(expected) == planted.ERRORS
    assert sorted((line, code) for line, _, code in found.codes) == sorted(expected.items())
