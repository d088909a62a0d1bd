"""Latency at a steady rate: from the send of a command to what others can see of it.

Commands go out one by one on a clock of their own, whatever becomes of those before (open
loop). A command's time begins just before the producer takes it. It ends

- durable: when a query of another connection first returns its last event;
- in the view: when a query first finds the projection's cursor, which commits with the rows,
  at or past that event;
- on Kafka: when a consumer of coursemark.events.v1 has received that event.

The two connections ask once a millisecond. That takes a part of both cores which a quieter
method would leave to Coursemark, and adds up to one interval to a time: the intervals as they
were, and how late the sends were, stand in the raw data. The lines beside are limits of this
machine in the same run, with none of our code between: one INSERT committed, and one record
from a producer to a consumer.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import pairwise
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from benchmarks import processes, school
from benchmarks.harness import Figure, Measured
from benchmarks.machine import percentiles
from benchmarks.observers import Observers, observed
from benchmarks.processes import running
from benchmarks.servers import OURS, Servers, Stage, stage
from benchmarks.throughput import COURSEMARK
from contracts import topics

Times = dict[str, list[float]]
"""Milliseconds of every command, by where it was seen."""
PLACES = {"durable": 20, "in the view": 50, "on Kafka": 60}
"""Where a command is seen, and the goal for the 99th percentile, in milliseconds."""
PROBES = 500


class Rate(NamedTuple):
    """Commands per second, learners whose 7 commands are measured, rounds."""

    commands: int
    learners: int
    rounds: int

    @property
    def warm_up(self) -> int:
        """Learners before them, so that all is running and warm: a second's commands."""
        return max(1, self.commands // school.STEPS)


async def measure(servers: Servers, rate: Rate) -> list[Figure]:
    rounds, raws = [], []
    for _ in range(rate.rounds):
        times, raw = await _round(servers, rate)
        rounds.append(times)
        raws.append(raw)
    floors = await _floors(servers)
    return [_figure(rate, place, rounds, floors.get(place), raws) for place in PLACES]


def _figure(
    rate: Rate,
    place: str,
    rounds: Sequence[Times],
    floor: tuple[str, list[float]] | None,
    raws: list[dict[str, Any]],
) -> Figure:
    found = [percentiles(times[place]) for times in rounds]
    p50 = median(it["p50"] for it in found)
    beside = []
    if floor is not None:
        name, values = floor
        least = percentiles(values)
        beside = [Measured(f"{name}, p99 (p50 {least['p50']:.1f} ms)", [least["p99"]])]
    return Figure(
        title=f"latency, {place}, at {rate.commands}/s: p99 (p50 {p50:.1f} ms)",
        unit="ms",
        goal=f"p99 ≤ {PLACES[place]} ms",
        at_most=PLACES[place],
        ours=Measured("Coursemark, p99", [it["p99"] for it in found]),
        beside=beside,
        raw={
            "percentiles": found,
            "milliseconds": [[round(it, 2) for it in times[place]] for times in rounds],
            "method": raws,
        },
    )


async def _round(servers: Servers, rate: Rate) -> tuple[Times, dict[str, Any]]:
    warm_up = school.records(rate.warm_up)
    records = school.records(rate.learners, first=rate.warm_up)
    async with AsyncExitStack() as stack:
        place = await stack.enter_async_context(stage(servers, OURS))
        observers = await stack.enter_async_context(observed(place))
        at_work = await stack.enter_async_context(running(place, processes.OURS, *COURSEMARK.whole))
        producer = AIOKafkaProducer(**place.kafka.options, acks="all")
        await stack.enter_async_context(producer)
        topic = place.kafka.topic(topics.COMMANDS)
        for record in warm_up:
            await producer.send_and_wait(
                topic, record.value, key=record.key, headers=record.headers
            )
        await observers.until(rate.warm_up * school.EVENTS, at_work)
        sent, late = await _send(producer, topic, records, rate.commands)
        await observers.until((rate.warm_up + rate.learners) * school.EVENTS, at_work)
    return _times(observers, sent), {
        "sends_late_ms": percentiles(late),
        "polls_ms": {
            name: percentiles([(after - before) * 1e3 for before, after in pairwise(looks)])
            for name, looks in observers.looks.items()
        },
    }


async def _send(
    producer: AIOKafkaProducer, topic: str, records: Sequence[school.Record], rate: int
) -> tuple[dict[str, float], list[float]]:
    """When each command was sent, by its id, and how many milliseconds late that was."""
    sent, late = {}, []
    begins = perf_counter()
    for number, record in enumerate(records):
        due = begins + number / rate
        await asyncio.sleep(max(0.0, due - perf_counter()))
        now = perf_counter()
        await producer.send(topic, record.value, key=record.key, headers=record.headers)
        sent[record.command_id] = now
        late.append((now - due) * 1e3)
    await producer.flush()
    return sent, late


def _times(observers: Observers, sent: dict[str, float]) -> Times:
    seen = {
        "durable": observers.durable.__getitem__,
        "in the view": observers.in_view,
        "on Kafka": observers.kafka.__getitem__,
    }
    return {
        place: [(when(command) - sent[command]) * 1e3 for command in sent]
        for place, when in seen.items()
    }


async def _floors(servers: Servers) -> dict[str, tuple[str, list[float]]]:
    async with stage(servers, OURS) as place:
        return {
            "durable": ("one INSERT committed", await _inserts(place)),
            "on Kafka": ("one record, producer to consumer", await _records(place)),
        }


async def _inserts(place: Stage) -> list[float]:
    connection = await asyncpg.connect(place.database)
    await connection.execute("create table floor (number int primary key, body bytea)")
    times = []
    for number in range(PROBES):
        began = perf_counter()
        await connection.execute("insert into floor values ($1, $2)", number, bytes(400))
        times.append((perf_counter() - began) * 1e3)
    await connection.close()
    return times


async def _records(place: Stage) -> list[float]:
    topic = place.kafka.topic(topics.EVENTS)
    times = []
    async with (
        AIOKafkaProducer(**place.kafka.options, acks="all") as producer,
        AIOKafkaConsumer(topic, **place.kafka.options, auto_offset_reset="earliest") as consumer,
    ):
        for _ in range(PROBES):
            began = perf_counter()
            await producer.send(topic, bytes(400))
            await consumer.getone()
            times.append((perf_counter() - began) * 1e3)
    return times
