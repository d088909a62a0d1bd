"""How far the work has come, seen from outside, cheaply: by numbers, not by reading it.

An event is durable when another connection sees its row, in the view when the projection's
cursor, which moves in the transaction of the view's rows, has passed it, and on Kafka when it
lies below the end of its topic. A look is three short questions, or as many as matter.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from time import perf_counter
from typing import NamedTuple

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from benchmarks.processes import Running
from benchmarks.servers import Stage
from contracts import topics

EVERY = 0.05
"""Seconds between two looks: the error of a time measured here."""
PATIENCE = 120
"""Seconds without any progress after which a round is given up."""


class StuckError(Exception):
    """The work did not end."""


class Questions(NamedTuple):
    """SQL that tells the number of the last durable event, and of the last in the view."""

    durable: str
    view: str


OURS = Questions(
    "select max(notification_id) from stored_events",
    "select notification_id from projection_cursors where projection = 'progress'",
)
TEXTBOOK = Questions(
    "select max(notification_id) from enrolments_events",
    "select notification_id from textbook_tracking where application_name = 'Enrolments'",
)


class Counts(NamedTuple):
    """Events, by number, and messages that have come so far."""

    durable: int = 0
    view: int = 0
    outward: int = 0

    def reached(self, goal: "Counts") -> bool:
        return all(now >= then for now, then in zip(self, goal, strict=True))


class Sample(NamedTuple):
    """How far it was ``at`` a time, in seconds, and the processor time taken until then."""

    at: float
    counts: Counts
    cpu: float


class Watch:
    """Looks at one stage."""

    def __init__(
        self,
        questions: Questions,
        database: asyncpg.Connection,
        kafka: AIOKafkaConsumer,
        places: Sequence[TopicPartition],
    ) -> None:
        self._questions = questions
        self._database = database
        self._kafka = kafka
        self._places = places

    async def look(self, goal: Counts = Counts()) -> Counts:  # noqa: B008 - immutable
        """How far it is; 0 stays 0 where the goal asks for none in the view or on Kafka."""
        durable = await self._ask(self._questions.durable)
        view = await self._ask(self._questions.view) if goal.view else 0
        ends = await self._kafka.end_offsets(self._places) if goal.outward else {}
        return Counts(durable, view, sum(ends.values()))

    async def until(self, goal: Counts, processes: Running) -> list[Sample]:
        """Samples from now to the first that has it all.

        Raises:
            EndedError: one of the processes ended by itself.
            StuckError: nothing moved for a long time.
        """
        samples = [await self._sample(goal, processes)]
        moved = samples[0].at
        while not samples[-1].counts.reached(goal):
            await asyncio.sleep(EVERY)
            sample = await self._sample(goal, processes)
            if sample.counts != samples[-1].counts:
                moved = sample.at
            elif sample.at - moved > PATIENCE:
                raise StuckError(f"nothing moved for {PATIENCE} s at {sample.counts} of {goal}")
            samples.append(sample)
        return samples

    async def _sample(self, goal: Counts, processes: Running) -> Sample:
        processes.check()
        counts = await self.look(goal)
        used = sum(part["cpu_seconds"] for part in processes.usage().values())
        return Sample(perf_counter(), counts, used)

    async def _ask(self, question: str) -> int:
        try:
            return int(await self._database.fetchval(question) or 0)
        except asyncpg.UndefinedTableError:
            return 0  # the process that makes the table has not come so far


@asynccontextmanager
async def watching(stage: Stage, questions: Questions) -> AsyncIterator[Watch]:
    database = await asyncpg.connect(stage.database)
    kafka = AIOKafkaConsumer(**stage.kafka.options)
    await kafka.start()
    try:
        topic = stage.kafka.topic(topics.EVENTS)
        places = [TopicPartition(topic, number) for number in range(stage.partitions)]
        yield Watch(questions, database, kafka, places)
    finally:
        await kafka.stop()
        await database.close()
