"""The progress view built from a whole log, beside the library's `ProjectionRunner`.

Ours is `coursemark projections rebuild progress`, beside the view that serves, up to and with the
swap, as the command tells it. The peer's is its one way: the projection follows the log from the
start. Its process has started when its clock begins, with the last look before it moves.
"""

import re
from itertools import islice
from typing import NamedTuple

from benchmarks import history, processes, school, watching
from benchmarks.harness import Figure, Measured
from benchmarks.processes import completed, running
from benchmarks.servers import OURS, PEER, Servers, stage
from benchmarks.watching import Counts
from benchmarks.watching import watching as watched
from projections.progress import PROGRESS
from services.projector.rebuild import ensure
from services.store.log import EventLog
from services.store.pool import open_pool

_BATCH = 1_000
_RATE = re.compile(r"([\d,]+) a second")


class Size(NamedTuple):
    """Learners in the log, ours and the peer's, and rounds."""

    ours: int
    peer: int
    rounds: int


async def measure(servers: Servers, size: Size) -> Figure:
    ours = await _ours(servers, size)
    peer = [await _peer(servers, size.peer) for _ in range(size.rounds)]
    return Figure(
        title="events replayed, rebuild of the progress view",
        unit="/s",
        goal="≥ 100,000/s",
        at_least=100_000,
        ours=Measured("Coursemark, beside the serving view and swapped", ours),
        beside=[Measured("the library's ProjectionRunner", peer)],
        raw={
            "events": {"ours": size.ours * school.EVENTS, "peer": size.peer * school.EVENTS},
            "published": "Marten's documentation: 8,700 events/s",
        },
    )


async def _ours(servers: Servers, size: Size) -> list[float]:
    """Events per second as the command says them, up to and with the swap."""
    async with stage(servers, OURS) as place:
        pool = await open_pool(place.database)
        log, events = EventLog(pool), history.events(size.ours)
        while batch := list(islice(events, _BATCH)):
            await log.append(batch)
        await pool.execute("vacuum analyze stored_events")
        await ensure(log, PROGRESS)
        rates = []
        for _ in range(size.rounds):
            await pool.execute("checkpoint")
            said = await completed(place, processes.COMMAND, "projections rebuild progress")
            rates.append(_rate(said))
        await pool.close()
    return rates


def _rate(said: str) -> float:
    found = _RATE.search(said)
    if found is None:
        raise ValueError(f"there is no rate in what the command said: {said}")
    return float(found[1].replace(",", ""))


async def _peer(servers: Servers, learners: int) -> float:
    async with stage(servers, PEER) as place, watched(place, watching.TEXTBOOK) as watch:
        events = learners * school.EVENTS
        filled = {"TEXTBOOK_LEARNERS": str(learners)}
        await completed(place, processes.TEXTBOOK, "fill", **filled)
        async with running(place, processes.TEXTBOOK, "projection") as at_work:
            samples = await watch.until(Counts(view=events), at_work)
    idle = sum(not sample.counts.view for sample in samples)
    return events / (samples[-1].at - samples[idle - 1].at)
