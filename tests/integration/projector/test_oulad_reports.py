"""Reports of the Open University's records equal a count from the files that uses nothing of ours.

``make oulad-reports`` does the same with all of them; here a made-up school with every kind of
row, and some of the real learners where the records are at hand.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from benchmarks.oulad.recount import recount
from benchmarks.oulad.reported import reported
from benchmarks.oulad.reports import show
from benchmarks.oulad.source import read
from services.projector.runtime import Projector
from services.store.mapper import encode
from tests.support import oulad
from tests.unit.oulad.conftest import FILES

if TYPE_CHECKING:
    from pathlib import Path

    from services.store.log import EventLog


async def load(log: EventLog, folder: Path) -> None:
    """The records' commands through the rules, and their events into the views."""
    for stream, events in oulad.happened(read(folder)):
        await log.append([encode(str(stream), number, it) for number, it in enumerate(events, 1)])
    await Projector(log).catch_up()


@pytest.fixture
def made_up(tmp_path: Path) -> Path:
    return oulad.write(tmp_path / "made-up", FILES)


async def test_a_made_up_school_with_every_kind_of_row(log: EventLog, made_up: Path) -> None:
    """R3, R6, M7, M8, M12, M13, B4: refused, imported, failed, marked, reset; a half to even."""
    await load(log, made_up)
    found = await reported(log.pool)
    assert found == recount(made_up)
    assert all(found.values())
    kinds = {(row[0], row[3]) for row in found["counts"]}
    assert kinds == {
        *(("enrolled", ""), ("unenrolled", ""), ("course_reset", "")),
        *(("activity_completed", how) for how in ("earned", "manual", "imported")),
        *(("course_completed", how) for how in ("earned", "manual", "imported")),
    }


async def test_one_figure_that_differs_is_found_and_shown(log: EventLog, made_up: Path) -> None:
    await load(log, made_up)
    await log.pool.execute("update reports.daily set number = number + 1 where kind = 'enrolled'")
    printed = io.StringIO()
    assert not show(await reported(log.pool), recount(made_up), Console(file=printed))
    assert "counts, only by Coursemark: ('enrolled'" in printed.getvalue()
    assert "counts, only by DuckDB: ('enrolled'" in printed.getvalue()


async def test_some_of_the_real_learners(log: EventLog, tmp_path: Path) -> None:
    folder = oulad.folder()
    if folder is None:
        pytest.skip("no Open University data beside the repository; name them: COURSEMARK_OULAD")
    some = oulad.write_rows(tmp_path, oulad.sample(read(folder), learners=250, seed=1_010))
    await load(log, some)
    assert await reported(log.pool) == recount(some)
