"""The short fault run: every kind of fault once, at random moments under load; then the oracle.

The seed stands in the test's name; ``COURSEMARK_SEED=123`` runs it again with the same load,
faults and pauses. Without one it is the seed of the run's order, which all of its processes know.
The long run is ``make faults``.
"""

from __future__ import annotations

import os

import pytest

from tests.faults.running import FaultRun, figures
from tests.faults.stack import Stack, running
from tests.faults.strikes import ANYWHERE, ON_APACHE
from tests.support.servers import server_folder, why_no_apache


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    given = os.environ.get("COURSEMARK_SEED")
    metafunc.parametrize("seed", [int(given or metafunc.config.getoption("randomly_seed", 0))])


@pytest.mark.slow
@pytest.mark.parametrize("kafka", ["embedded", pytest.param("apache", marks=pytest.mark.apache)])
async def test_nothing_is_lost_whatever_dies_sleeps_or_stops(kafka: str, seed: int) -> None:
    if kafka == "apache" and (reason := why_no_apache()):
        pytest.skip(reason)
    with server_folder() as folder:
        stack = Stack(folder, kafka)
        async with running(stack):
            run = FaultRun(stack, seed)
            faults = [*ANYWHERE, *(ON_APACHE if stack.apache else ())]
            async with run.platform, run.receivers:
                await run.begin()
                evidence = await run.round(run.rng.sample(faults, len(faults)))
    found = figures(run, evidence)
    assert found.faults.total() == len(faults)
    assert found.results["accepted"] > 100, "the load was too small to show anything"
