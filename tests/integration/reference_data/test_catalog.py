"""A higher version of a structure is appended, any other changes nothing, whoever is first (B9)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from contracts.topics import course_stream, program_stream
from services.reference_data.catalog import TRIES, Catalog
from services.store.log import EventLog, VersionConflict
from tests.support.programs import program
from tests.support.records import Received, received
from tests.support.school import activity, course, day
from tests.support.stack import reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.store.records import NewEvent, Receipt

NAME = course_stream("riverside", "biology-1")


class Contested(EventLog):
    """A log where another consumer comes first, as often as it has versions to append."""

    def __init__(self, log: EventLog, *versions: int) -> None:
        super().__init__(log.pool)
        self._versions = list(versions)

    async def append(self, events: Sequence[NewEvent], receipts: Sequence[Receipt] = ()) -> None:
        if self._versions and events:
            await catalog(EventLog(self.pool)).handle([structure(self._versions.pop(0))])
        await super().append(events, receipts)


def catalog(log: EventLog) -> Catalog:
    return Catalog(log, lambda: day(30))


def structure(version: int, name: str = "biology-1", offset: int = 0) -> Received:
    made = course(activity("a"), version=version).structure.model_copy(update={"course": name})
    return received(reference(made), offset=offset)


async def versions(log: EventLog, name: str = NAME) -> list[tuple[int, int]]:
    """Each event's place in the stream, with the structure's version."""
    found = (await log.load({name: 0}))[name]
    return [(it.originator_version, json.loads(it.state)["structure_version"]) for it in found]


async def test_b9_versions_stand_in_the_order_they_came_and_lower_ones_do_not(
    log: EventLog,
) -> None:
    dead = await catalog(log).handle([structure(n) for n in (2, 2, 1, 5, 3, 5, 9)])
    assert (dead, await versions(log)) == ([], [(1, 2), (2, 5), (3, 9)])


async def test_b9_read_again_from_the_beginning_nothing_is_appended(log: EventLog) -> None:
    records = [structure(n) for n in (1, 2, 3)]
    for consumer in (it := catalog(log), it, catalog(log)):
        await consumer.handle(records)
    assert await versions(log) == [(1, 1), (2, 2), (3, 3)]


async def test_courses_do_not_mix(log: EventLog) -> None:
    await catalog(log).handle([structure(1), structure(7, "maths"), structure(2)])
    assert await versions(log) == [(1, 1), (2, 2)]
    assert await versions(log, course_stream("riverside", "maths")) == [(1, 7)]


async def test_b9_two_consumers_that_meet_append_each_version_once(log: EventLog) -> None:
    """The other one's version counts where it is as high, and ours where it is higher."""
    await catalog(Contested(log, 1, 4)).handle([structure(3), structure(4), structure(6)])
    found = await versions(log)
    assert [version for _, version in found] == [1, 4, 6]
    assert [place for place, _ in found] == [1, 2, 3]


async def test_a_consumer_that_always_comes_second_gives_up_in_the_end(log: EventLog) -> None:
    with pytest.raises(VersionConflict):
        await catalog(Contested(log, *range(1, 1 + TRIES))).handle([structure(1_000)])
    assert [version for _, version in await versions(log)] == list(range(1, 1 + TRIES))


async def test_b12_programmes_rise_in_streams_of_their_own(log: EventLog) -> None:
    """One that has the id of a course, and courses that nobody knows yet."""
    records = [
        received(reference(program("later", program="biology-1", version=version)))
        for version in (1, 3, 2, 3)
    ]
    for _ in range(2):
        assert await catalog(log).handle([structure(4), *records]) == []
    name = program_stream("riverside", "biology-1")
    found = (await log.load({name: 0}))[name]
    assert [json.loads(it.state)["program_version"] for it in found] == [1, 3]
    assert {it.topic for it in found} == {"coursemark.catalog.learning_program_published.v1"}
    assert await versions(log) == [(1, 4)]


async def test_b2_what_is_no_structure_is_told_and_its_neighbours_are_appended(
    log: EventLog,
) -> None:
    bad = structure(2)._replace(key=b"riverside/maths", offset=1)
    worse = structure(2)._replace(value=b"{}", offset=2)
    dead = await catalog(log).handle([structure(1), bad, worse, structure(3)])
    assert [(record.offset, problem.code) for record, problem in dead] == [
        (1, "wrong_key"),
        (2, "invalid_message"),
    ]
    assert [version for _, version in await versions(log)] == [1, 3]
