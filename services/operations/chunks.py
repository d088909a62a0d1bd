"""A chunk of an operation's rows: its commands, and what became of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg
import orjson

from contracts.operations import BeginningCommand
from contracts.registry import name_of
from contracts.results import CommandAccepted, CommandPreviewed
from contracts.topics import operation_key
from services.commands.answers import Answer
from services.commands.incoming import Incoming, fingerprint
from services.domain.bulk import Outcome, Row, Said, counted, outcome, steps
from services.operations.sql import query

CHUNK = 1_000
"""Rows that are carried out together."""
_ACCEPTED = name_of(CommandAccepted)


class Place(NamedTuple):
    """Which operation of which school."""

    school: str
    operation: str


class Chunk(NamedTuple):
    """Rows that are carried out together, as they are stored."""

    number: int
    try_: int
    rows: Sequence[Mapping[str, Any]]
    actor: str | None


class Became(NamedTuple):
    """What became of a row; ``details``: of a preview, what its commands would lead to."""

    row: Mapping[str, Any]
    outcome: Outcome
    said: Said
    details: Mapping[str, Any]


async def next_chunk(pool: asyncpg.Pool, place: Place) -> Chunk | None:
    """The first that is not carried out, or none."""
    row = await pool.fetchrow(query("chunk_next"), *place)
    if row is None:
        return None
    return Chunk(row["chunk"], row["try"], orjson.loads(row["rows"]), row["actor"])


def commands(
    asked: BeginningCommand, chunk: Chunk, actor: str, now: datetime
) -> tuple[list[Incoming], list[int]]:
    """All its commands in order, and how many each row has."""
    key = operation_key(asked.school, asked.operation).encode()
    batch: list[Incoming] = []
    sizes: list[int] = []
    for fields in chunk.rows:
        before = len(batch)
        for id_, command in steps(asked, Row.of(fields), actor, chunk.try_):
            name = name_of(command)
            print_ = fingerprint(name, command)
            batch.append(Incoming(key, id_, name, command, print_, now))
        sizes.append(len(batch) - before)
    return batch, sizes


async def keep_begun(
    pool: asyncpg.Pool, place: Place, chunk: Chunk, begun: Sequence[bool]
) -> Chunk:
    """The chunk with those of its rows that were begun; the others become one of their own."""
    kept = [row for row, was in zip(chunk.rows, begun, strict=True) if was]
    left = [row for row, was in zip(chunk.rows, begun, strict=True) if not was]
    if kept and left:
        rows = [(orjson.dumps(some).decode(), len(some)) for some in (kept, left)]
        await pool.execute(query("chunk_split"), *place, chunk.number, *rows[0], *rows[1])
    return chunk._replace(rows=kept)


def became(chunk: Chunk, sizes: Iterable[int], answers: Sequence[Answer]) -> list[Became]:
    """What became of each row whose commands were carried out."""
    given = iter(answers)
    found = []
    for fields, size in zip(chunk.rows, sizes, strict=True):
        said = [_said(next(given)) for _ in range(size)]
        found.append(Became(fields, *outcome(said), {}))
    return found


def foreseen(
    chunk: Chunk, sizes: Iterable[int], previews: Sequence[CommandPreviewed]
) -> list[Became]:
    """What would become of each row."""
    given = iter(previews)
    found = []
    for fields, size in zip(chunk.rows, sizes, strict=True):
        own = [next(given) for _ in range(size)]
        said = [Said(it.code, it.message) for it in own]
        found.append(Became(fields, *outcome(said), details(own)))
    return found


async def end(pool: asyncpg.Pool, place: Place, chunk: Chunk, rows: Sequence[Became]) -> None:
    """Write its counts, and the rows that have something to say; once, whoever comes first."""
    told = [it for it in rows if it.outcome != "done" or it.details]
    results = [(it.outcome, it.said) for it in rows]
    await pool.execute(
        query("chunk_end"),
        *place,
        chunk.number,
        sum(it.outcome == "done" for it in rows),
        orjson.dumps(counted(results, "skipped")).decode(),
        orjson.dumps(counted(results, "failed")).decode(),
        *_columns(told),
    )


def details(own: Sequence[CommandPreviewed]) -> dict[str, Any]:
    """Of a preview: events by type, activities that are skipped or stay locked, what goes out."""
    types: dict[str, int] = {}
    for preview in own:
        for event in preview.events:
            types[event.type] = types.get(event.type, 0) + 1
    return {
        "events": types,
        "skipped": [skip.model_dump() for it in own for skip in it.skipped],
        "locked": [activity for it in own for activity in it.locked],
        "effects": {
            name: sum(getattr(it.effects, name) for it in own)
            for name in ("emails", "webhooks", "zaps")
        },
    }


def _columns(told: Sequence[Became]) -> list[list[Any]]:
    rows = [
        (
            it.row["row"],
            it.row.get("place", 0),
            it.row["learner"],
            it.row["course"],
            it.row.get("activity"),
            "previewed" if it.details else it.outcome,
            it.said.code,
            it.said.message,
            orjson.dumps(it.row).decode(),
            orjson.dumps(it.details).decode(),
        )
        for it in told
    ]
    return [[row[place] for row in rows] for place in range(10)]


def _said(answer: Answer) -> Said:
    if answer.type == _ACCEPTED:
        return Said()
    result = orjson.loads(answer.body)
    return Said(result["code"], result["message"])
