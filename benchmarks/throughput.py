"""Commands per second from Kafka, beside the textbook way.

All commands of a round stand on the topic before its processes start, so that no producer takes
their cores. The clock runs from the last look that finds nothing done, when the processes have
started, to the first that finds everything where it has to be.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import asyncpg

from benchmarks import processes, school, watching
from benchmarks.harness import Figure, Measured
from benchmarks.processes import running
from benchmarks.servers import OURS, PEER, Servers, send, stage
from benchmarks.watching import Counts, Questions, Sample
from benchmarks.watching import watching as watched


class Contender(NamedTuple):
    """How to run one of the two, and how far each command takes it.

    ``outward`` messages come of each learner's commands.
    """

    name: str
    template: str
    module: str
    questions: Questions
    durable: tuple[str, ...]
    whole: tuple[str, ...]
    outward: int
    settings: dict[str, str]


COURSEMARK = Contender(
    "Coursemark",
    OURS,
    processes.OURS,
    watching.OURS,
    durable=("command-worker",),
    whole=("command-worker", "projector", "publisher"),
    outward=school.EVENTS,
    settings={},
)
TEXTBOOK = Contender(
    "the textbook way, at least once",
    PEER,
    processes.TEXTBOOK,
    watching.TEXTBOOK,
    durable=("worker",),
    whole=("worker", "projection"),
    outward=school.STEPS,
    settings={"TEXTBOOK_ACK_POLICY": "ack"},
)
# FastStream's default: offsets are committed by a timer, and a crash loses what was in hand.
AT_MOST_ONCE = TEXTBOOK._replace(
    name="the textbook way, at most once",
    settings={"TEXTBOOK_ACK_POLICY": "ack_first"},
)
CONTENDERS = (COURSEMARK, TEXTBOOK, AT_MOST_ONCE)


class Size(NamedTuple):
    """Learners of a round, ours and the peer's, rounds, and who takes part."""

    ours: int
    peer: int
    rounds: int
    contenders: tuple[Contender, ...] = CONTENDERS


async def durable(servers: Servers, size: Size) -> Figure:
    """Kafka to durable event, with one worker and nothing else."""
    rates, raw = await _rounds(servers, size, lambda contender: contender.durable)
    return Figure(
        title="commands, Kafka to durable event, one worker",
        unit="/s",
        goal="≥ 20,000/s, ≥ 25 times",
        at_least=20_000,
        required_ratio=25,
        ours=rates[0],
        beside=rates[1:],
        raw=raw,
    )


async def end_to_end(servers: Servers, size: Size) -> Figure:
    """Kafka to the progress view and to the outward events, all parts at once."""
    rates, raw = await _rounds(servers, size, lambda contender: contender.whole)
    return Figure(
        title="end to end: Kafka to view and to outward event",
        unit="/s",
        goal="≥ 10,000/s",
        at_least=10_000,
        ours=rates[0],
        beside=rates[1:],
        raw=raw,
    )


async def _rounds(
    servers: Servers, size: Size, parts: Callable[[Contender], tuple[str, ...]]
) -> tuple[list[Measured], dict[str, Any]]:
    """The contenders by turns, so that a slow minute of the machine meets all of them."""
    loads = {COURSEMARK.name: size.ours}
    rates: dict[str, list[float]] = {contender.name: [] for contender in size.contenders}
    raw: dict[str, Any] = {
        "learners": {c.name: loads.get(c.name, size.peer) for c in size.contenders}
    }
    for number in range(size.rounds):
        for contender in size.contenders:
            learners = loads.get(contender.name, size.peer)
            played = await _round(servers, contender, parts(contender), learners)
            rates[contender.name] += [played.rate(learners)]
            raw[f"{contender.name}, round {number + 1}"] = played.to_json(learners)
    return [Measured(name, values) for name, values in rates.items()], raw


class Played(NamedTuple):
    """A round: samples from the last that finds nothing done, and what each part had used."""

    samples: Sequence[Sample]
    usage: Mapping[str, Mapping[str, float]]

    def rate(self, learners: int) -> float:
        """Commands per second."""
        return learners * school.STEPS / (self.samples[-1].at - self.samples[0].at)

    def to_json(self, learners: int) -> dict[str, Any]:
        """The timeline: seconds, then events durable, in the view, and messages on Kafka."""
        first, last = self.samples[0], self.samples[-1]
        return {
            "cpu_us_per_command": round(
                (last.cpu - first.cpu) / (learners * school.STEPS) * 1e6, 1
            ),
            "at_the_end": self.usage,
            "timeline": [[round(it.at - first.at, 3), *it.counts] for it in self.samples],
        }


async def _round(
    servers: Servers, contender: Contender, parts: tuple[str, ...], learners: int
) -> Played:
    whole = parts == contender.whole
    async with stage(servers, contender.template) as place:
        await send(place.kafka, school.records(learners))
        async with watched(place, contender.questions) as watch:
            before = await watch.look()
            done = learners * school.EVENTS + before.durable
            goal = Counts(
                durable=done,
                view=done if whole else 0,
                outward=learners * contender.outward + before.durable if whole else 0,
            )
            async with running(place, contender.module, *parts, **contender.settings) as at_work:
                samples = await watch.until(goal, at_work)
                usage = at_work.usage()
        if contender is COURSEMARK:
            await _check(place.database, learners)
    idle = sum(sample.counts.durable == before.durable for sample in samples)
    return Played(samples[idle - 1 :], usage)


_RECEIPTS = """
    select count(*) from receipts
    where convert_from(result, 'utf8')::jsonb ->> 'command_type' not like '%evaluate_course%'
"""
"""Without those of commands to itself: their number depends on which part starts first."""


async def _check(database: str, learners: int) -> None:
    """Every command was carried out, once: a fast way to refuse would be no figure."""
    connection = await asyncpg.connect(database)
    try:
        receipts = await connection.fetchval(_RECEIPTS)
        events = await connection.fetchval(
            "select count(*) from stored_events where topic like 'coursemark.progress.%'"
        )
    finally:
        await connection.close()
    expected = learners * school.STEPS, learners * school.EVENTS
    if (receipts, events) != expected:
        raise AssertionError(f"receipts and events are {receipts}, {events}, not {expected}")
