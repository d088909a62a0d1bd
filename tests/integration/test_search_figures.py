"""``make search-figures``, over 10,000 records: what it asks, finds and writes, never how fast."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.search_mixes import MIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROOT = Path(__file__).resolve().parents[2]
NONE = {name for name in MIXES if "(none)" in name or "nobody" in name}


@pytest.fixture(scope="module")
async def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("search")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.search", "--out", str(out)),
        *("--learners", "1000", "--rounds", "2"),
        cwd=_ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, printed.decode()
    assert "over 10,000 records" in printed.decode()
    return out


def figures(written: Path) -> Mapping[str, Any]:
    return {it["name"]: it for it in json.loads((written / "search.json").read_bytes())["fresh"]}


async def test_every_mix_finds_somebody_but_those_that_are_to_find_nobody(written: Path) -> None:
    """A mix that finds nobody by mistake would be measured for nothing."""
    found = figures(written)
    assert set(MIXES) < set(found)
    assert {name for name in MIXES if found[name]["total"] == "0"} - NONE <= {
        "inactive for a year and more (few)"  # in the large school alone
    }
    assert all(found[name]["total"] == "0" for name in NONE)


async def test_each_is_timed_beside_a_round_trip_and_a_count_of_the_table(written: Path) -> None:
    found = figures(written)
    assert {"a round trip (select 1)", "counting every row"} == set(found) - set(MIXES)
    assert all(len(it["rounds"]) == len(it["cpu"]) == 2 for it in found.values())


async def test_the_plan_of_every_mix_is_written(written: Path) -> None:
    plans = (written / "plans.txt").read_text("utf-8").split("== ")[1:]
    assert [it.partition("\n")[0] for it in plans] == list(MIXES)
    assert all("Execution Time" in it for it in plans)
