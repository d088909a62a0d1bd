"""Databases that rounds are copied from: a school that is set up, and the peer's empty tables."""

from collections.abc import Iterator

import asyncpg

from benchmarks import school
from benchmarks.processes import TEXTBOOK, completed
from benchmarks.servers import OURS, PEER, Servers, Stage, cluster
from contracts import topics
from contracts.events import CourseStructurePublished
from services.store.directory import Directory
from services.store.log import EventLog
from services.store.mapper import encode
from services.store.migrations import migrate
from services.store.pool import open_pool
from services.store.records import NewEvent


async def make(servers: Servers, learners: int) -> None:
    """Make both."""
    await _make_school(servers, learners)
    await _make_peer(servers)


async def _make_school(servers: Servers, learners: int) -> None:
    await _create(servers, OURS)
    pool = await open_pool(servers.postgres.url_of(OURS))
    await migrate(pool)
    directory = Directory(pool)
    await directory.put_schools([school.school()])
    await directory.put_users(school.users(learners))
    await EventLog(pool).append(list(published()))
    await pool.close()


def published() -> Iterator[NewEvent]:
    """The structures of the school's courses, as the log holds them."""
    for structure in school.structures():
        event = CourseStructurePublished(
            school=structure.school,
            course=structure.course,
            structure_version=structure.version,
            structure=structure,
            recorded_at=school.NOW,
        )
        yield encode(topics.course_stream(structure.school, structure.course), 1, event)


async def _make_peer(servers: Servers) -> None:
    """Two processes of the library that make its tables at once disturb each other."""
    await _create(servers, PEER)
    place = Stage(servers.postgres.url_of(PEER), cluster(servers, ""), servers.folder, 1)
    await completed(place, TEXTBOOK, "fill")


async def _create(servers: Servers, name: str) -> None:
    connection = await asyncpg.connect(servers.postgres.url)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
