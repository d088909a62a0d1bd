"""The progress view built from a whole log, beside the library's `ProjectionRunner`.

Ours is `coursemark projections rebuild`: the same function, beside the view that serves, up to
and with the swap. The peer's is its one way: the projection follows the log from the start.
Its process has started when its clock begins, with the last look before it moves.
"""

from itertools import islice
from typing import NamedTuple

from benchmarks import history, processes, school, watching
from benchmarks.harness import Figure, Measured
from benchmarks.processes import completed, running
from benchmarks.servers import OURS, PEER, Servers, database, stage
from benchmarks.watching import Counts
from benchmarks.watching import watching as watched
from projections.progress import PROGRESS
from services.projector.follower import Limits
from services.projector.rebuild import ensure, rebuild
from services.store.log import EventLog
from services.store.pool import open_pool

_BATCH = 1_000


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
    async with database(servers, OURS) as url:
        pool = await open_pool(url)
        log = EventLog(pool)
        events = history.events(size.ours)
        while batch := list(islice(events, _BATCH)):
            await log.append(batch)
        await pool.execute("vacuum analyze stored_events")
        await ensure(log, PROGRESS)
        done = []
        for _ in range(size.rounds):
            await pool.execute("checkpoint")
            done.append(await rebuild(log, PROGRESS, Limits()))
        await pool.close()
    return [it.events / it.seconds for it in done]


async def _peer(servers: Servers, learners: int) -> float:
    async with stage(servers, PEER) as place, watched(place, watching.TEXTBOOK) as watch:
        events = learners * school.EVENTS
        filled = {"TEXTBOOK_LEARNERS": str(learners)}
        await completed(place, processes.TEXTBOOK, "fill", **filled)
        async with running(place, processes.TEXTBOOK, "projection") as at_work:
            samples = await watch.until(Counts(view=events), at_work)
    idle = sum(not sample.counts.view for sample in samples)
    return events / (samples[-1].at - samples[idle - 1].at)
