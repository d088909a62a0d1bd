"""Waiting for what the parts do with what was sent."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import orjson

from contracts.catalog import CourseStructure, LearningProgram
from contracts.directory import School, User
from contracts.operations import OperationReported
from contracts.topics import course_stream, program_stream
from services.cli.demo.heard import Heard
from services.cli.demo.school import RIVERSIDE
from services.cli.demo.script import Ask, Award, Entry
from services.cli.errors import CommandError
from services.cli.operations.watching import rests
from services.operations import reading
from services.runtime.embedded.waiting import until
from services.store.courses import CourseCache
from services.store.cursors import Cursor
from services.store.directory import Directory
from services.store.log import EventLog
from services.store.records import ORIGIN
from services.store.schedules import Slot, slots_of

SECONDS = 30.0
"""Longer than any step takes on a slow machine."""
FOLLOWERS = ("progress", "events_log", "publish-events", "publish-progress")


class NothingCameError(CommandError):
    """``nothing_came``: a part did not do its work in time."""

    code = "nothing_came"


class Awaiting:
    """Looks at Kafka and at the log, again and again, bounded."""

    def __init__(self, log: EventLog, heard: Heard) -> None:
        self._log = log
        self._heard = heard

    async def answered(self, sent: Mapping[str, int], asks: Sequence[Ask]) -> None:
        """Until each was answered as often as its id was sent, and its events came."""

        async def there() -> bool:
            return all(len(self._heard.answers(ask.id)) >= sent[ask.id] for ask in asks)

        await _for(there, "results")
        bodies = [body for ask in asks for body in self._heard.answers(ask.id)]
        await self.told(list(map(orjson.loads, bodies)))

    async def buried(self, count: int) -> None:
        """Until there are so many dead letters."""
        await _for(lambda: _now(len(self._heard.letters) >= count), "dead letters")

    async def told(self, results: Sequence[Mapping[str, Any]]) -> None:
        """Until the events of these results came, and every view has them."""
        ids = {event["id"] for it in results for event in it.get("events", ())}
        await _for(lambda: _now(ids <= self._heard.events.keys()), "events")
        head = await self._log.head()

        async def followed() -> bool:
            return all([await Cursor(self._log.pool, name).read() >= head for name in FOLLOWERS])

        await _for(followed, "views")

    async def rested(self, operation: str) -> OperationReported:
        """Until the operation rests, and all that it did was told and is in the views."""

        async def there() -> bool:
            now = await reading.one(self._log.pool, RIVERSIDE, operation)
            told = [it.revision for it in self._heard.reports.get(operation, ())]
            return rests(now) and now.revision in told

        await _for(there, "end of the operation")
        count = await self._log.count_after(ORIGIN)
        await _for(lambda: _now(len(self._heard.events) >= count), "events")
        await self.told(())
        return self._heard.reports[operation][-1]

    async def begun(self, schedule: str) -> Slot:
        """Until a slot of the schedule is on record."""
        found: list[Slot] = []

        async def there() -> bool:
            found[:] = await slots_of(self._log.pool, RIVERSIDE, schedule, 1)
            return bool(found)

        await _for(there, "schedule's slot")
        return found[0]

    async def known(self, entries: Sequence[Entry]) -> None:
        """Until the directory's tables and the log have these."""
        directory, courses = Directory(self._log.pool), CourseCache(self._log)
        structures = [it for it in entries if isinstance(it, CourseStructure)]
        programs = {
            program_stream(it.school, it.program): 0
            for it in entries
            if isinstance(it, LearningProgram)
        }
        schools = {it.school for it in entries if isinstance(it, School)}
        users = {(it.school, it.user) for it in entries if isinstance(it, User)}

        async def there() -> bool:
            facts = await directory.facts(schools, users)
            await courses.refresh({course_stream(it.school, it.course) for it in structures})
            found = [courses.get(it.school, it.course) for it in structures]
            versions = [0 if it is None else it.version for it in found]
            published = await self._log.load(programs)
            return (
                all(published.values())
                and facts.plans.keys() >= schools
                and facts.levels.keys() >= users
                and versions == [it.version for it in structures]
            )

        await _for(there, "catalog and directory")

    async def awarded(self, award: Award) -> Mapping[str, Any]:
        """Until the learner has completed the programme; what was said of it."""

        def found() -> list[Mapping[str, Any]]:
            return [
                it.data
                for it in self._heard.events.values()
                if it.short == "learning_program_completed"
                and (it.data["learner"], it.data["program"]) == award
            ]

        await _for(lambda: _now(bool(found())), "programme's completion")
        return found()[0]

    async def evaluated(self, structures: Sequence[CourseStructure], before: int) -> None:
        """Until every learner of these courses was looked at again, after so many evaluations."""
        wanted = Counter(
            {it.course: len(await self._log.streams(it.school, it.course)) for it in structures}
        )

        async def there() -> bool:
            return Counter(it["course"] for it in self._heard.evaluations[before:]) >= wanted

        await _for(there, "evaluations")
        await self.told(self._heard.evaluations[before:])


async def _now(value: bool) -> bool:
    return value


async def _for(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    if not await until(condition, within=SECONDS):
        raise NothingCameError(
            f"The {what} did not come within {SECONDS:.0f} s; try again when the machine is less "
            "busy, or start `coursemark up` and see its logs."
        )
