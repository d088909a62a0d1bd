"""The benchmark runs and writes what proof.md asks of a figure: never how fast anything was."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from services.runtime.embedded import apache_available

_ROOT = Path(__file__).resolve().parents[2]
_FIGURES = 7
"""Two of throughput, one of appends, three of latency, one of a rebuild."""


@pytest.fixture(scope="module")
async def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    out = tmp_path_factory.mktemp("bench") / "bench.json"
    broker = "embedded" if apache_available() else "apache"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.run", "--short"),
        *("--kafka", broker, "--out", str(out)),
        cwd=_ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, printed.decode()
    assert "and beside it its peers" in printed.decode()
    found: dict[str, Any] = json.loads(out.read_bytes())
    return found


@pytest.mark.slow
async def test_each_figure_of_proof_md_stands_beside_a_peer_or_a_limit(
    written: dict[str, Any],
) -> None:
    [alone] = [figure["title"] for figure in written["figures"] if not figure["beside"]]
    assert len(written["figures"]) == _FIGURES
    assert alone.startswith("latency, in the view")  # which has no limit of its own


@pytest.mark.slow
async def test_medians_and_ratios_are_those_of_the_rounds(written: dict[str, Any]) -> None:
    for figure in written["figures"]:
        ours = figure["ours"]
        assert ours["rounds"]
        assert ours["median"] == pytest.approx(median(ours["rounds"]), abs=0.01)
        for other in figure["beside"]:
            assert other["median"] == pytest.approx(median(other["rounds"]), abs=0.01)
            assert other["ratio"] == pytest.approx(ours["median"] / other["median"], rel=0.05)


@pytest.mark.slow
async def test_hardware_versions_and_durability_are_told(written: dict[str, Any]) -> None:
    machine = written["machine"]
    durable = machine["durability"]["postgresql"]
    assert (durable["fsync"], durable["synchronous_commit"]) == ("on", "on")
    assert machine["hardware"]["cores"] >= 1
    assert machine["hardware"]["fdatasync_ms"]["p50"] > 0
    assert {"postgresql", "kafka", "python", "eventsourcing", "faststream"} <= set(
        machine["versions"]
    )
    assert machine["short"], "a trial is marked as one"
