"""What the log says of programmes, of their courses, and of who has completed them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import get_args

from contracts.catalog import LearningProgram
from contracts.events import LearningProgramCompleted, LearningProgramPublished
from contracts.registry import name_of
from contracts.topics import PROGRAMS
from services.domain.programs import Decisive, program_of
from services.programs.deciding import Awarded, Placed, Published
from services.programs.sql import query
from services.store.log import EventLog
from services.store.mapper import decode
from services.store.records import Position
from services.store.skips import skips_of

NAME = "learning-programs"
"""The part's and its cursor's; never changed."""
DECISIVE = [name_of(it) for it in get_args(Decisive)]
"""The types of events that say whether a course is complete."""


async def placed(
    log: EventLog, streams: Collection[str], until: Position
) -> Mapping[str, Sequence[Placed]]:
    """The decisive events of courses' streams, each stream's in order, up to a position.

    Raises:
        ValueError: one cannot be decoded, and is not passed over on record.
    """
    found: dict[str, list[Placed]] = defaultdict(list)
    for name, version, topic, state, *at in await log.pool.fetch(
        query("completions"), list(streams), DECISIVE, *_bound(until)
    ):
        try:
            event = decode(topic, state)
        except ValueError:
            if (name, version) in await skips_of(log.pool, NAME):
                continue
            raise
        if isinstance(event, Decisive):
            found[name].append(Placed(Position(*at), event))
    return found


async def awarded(log: EventLog, streams: Collection[str]) -> dict[str, Awarded]:
    """What these learners' streams of programmes hold now."""
    loaded = await log.load(dict.fromkeys(streams, 0))
    found = {}
    for name, events in loaded.items():
        decoded = (decode(it.topic, it.state) for it in events)
        programs = frozenset(
            it.program for it in decoded if isinstance(it, LearningProgramCompleted)
        )
        found[name] = Awarded(programs, len(events))
    return found


async def programs(log: EventLog, school: str, until: Position) -> list[Published]:
    """The latest version of each of a school's programmes, as of a position, in order of ids."""
    return [
        Published(program_of(structure), at)
        for structure, at in await _published(log, school, until)
    ]


async def structures(log: EventLog, school: str, until: Position) -> list[LearningProgram]:
    """The same as they were published, optional courses included."""
    return [structure for structure, _ in await _published(log, school, until)]


async def _published(
    log: EventLog, school: str, until: Position
) -> list[tuple[LearningProgram, Position]]:
    rows = await log.pool.fetch(query("programs"), school, PROGRAMS, *_bound(until))
    events = ((decode(topic, state), Position(*at)) for topic, state, *at in rows)
    return [(it.structure, at) for it, at in events if isinstance(it, LearningProgramPublished)]


def _bound(until: Position) -> tuple[str, int]:
    return str(until.transaction_id), until.notification_id
