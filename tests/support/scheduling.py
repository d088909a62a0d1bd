"""Schools whose schedules run by a clock of the test's own, on a real PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from contracts import registry
from contracts.catalog import CourseStructure
from contracts.commands import WHOLE_COURSE, EnrollLearner, MarkComplete, ResetProgress
from contracts.directory import School, User
from contracts.topics import Stream
from services.commands.handler import CommandHandler
from services.commands.incoming import Incoming, fingerprint
from services.domain.course import Course
from services.domain.evolve import fold
from services.domain.state import NOTHING, Progress
from services.operations import reading
from services.operations.running import Operations
from services.projector.runtime import Projector
from services.scheduler.slots import Slots
from services.store import schedules
from services.store.directory import Directory
from services.store.mapper import decode
from tests.support.appended import Appender
from tests.support.hall import Silent
from tests.support.happened import course_completed, enrolled, marked, unenrolled
from tests.support.recertifying import recertification
from tests.support.school import ADMINISTRATOR, COURSE, SCHOOL, activity, day, section

if TYPE_CHECKING:
    from datetime import datetime

    from contracts.commands import Command
    from contracts.operations import OperationReported
    from services.domain.schedules import Schedule
    from services.store.log import EventLog
    from services.store.schedules import Kept, Slot

DUE = 365.5
"""The day of the first slot at which a completion of day 0 is old enough, by the usual schedule."""


class Academy:
    """A school with an administrator and a course; it is ``now`` until the test says otherwise."""

    def __init__(self, log: EventLog, school: str = SCHOOL) -> None:
        self.log, self.school = log, school
        self.now = day(0)
        self.part = self.scheduler()
        self.handler = CommandHandler(log, Directory(log.pool), self.clock)
        self._appender = Appender(log)

    def clock(self) -> datetime:
        return self.now

    def scheduler(self) -> Slots:
        """One more."""
        return Slots(self.log, self.clock)

    async def open(self, *courses: str) -> Academy:
        directory = Directory(self.log.pool)
        await directory.put_schools([School(school=self.school, plan="starter")])
        await self.user(ADMINISTRATOR, role_level="admin")
        for course in courses or (COURSE,):
            await self.publish(course)
        return self

    async def user(self, *users: str, **fields: Any) -> None:
        known = [User(school=self.school, user=it, **fields) for it in users]
        await Directory(self.log.pool).put_users(known)

    async def publish(self, course: str) -> None:
        structure = CourseStructure(
            school=self.school,
            course=course,
            version=1,
            sections=(section(activity("intro"), activity("quiz")),),
        )
        await self._appender.published(Course(structure, day(0)), self.school, course)

    async def completed(self, *learners: str, on: float = 0, leaves: bool = False) -> None:
        """Each completed the course on that day; with ``leaves``, they are not enrolled now."""
        await self.user(*learners)
        for learner in learners:
            drafts = [enrolled(on), marked("intro", on=on), course_completed("manual", on=on)]
            drafts += [unenrolled()] * leaves
            await self._appender.happened(*drafts, to=Stream(self.school, learner, COURSE))

    async def put(self, on: float, *given: Schedule) -> None:
        for it in given or (recertification(school=self.school),):
            await schedules.put(self.log.pool, it, day(on))

    async def send(self, model: type[Command], learner: str, **fields: Any) -> None:
        """Carry out a single command."""
        command = model(school=self.school, learner=learner, course=COURSE, **fields)
        name = registry.name_of(command)
        print_ = fingerprint(name, command)
        incoming = Incoming(b"", str(uuid4()), name, command, print_, self.now)
        (answer,) = await self.handler.handle([incoming])
        assert b'"accepted"' in answer.body, answer.body

    async def enrol(self, learner: str) -> None:
        await self.user(learner)
        await self.send(EnrollLearner, learner)

    async def completes_anew(self, learner: str) -> None:
        """The learner's course is reset, and completed again, now."""
        asked: dict[str, Any] = {"actor": ADMINISTRATOR, "activities": WHOLE_COURSE}
        await self.send(ResetProgress, learner, **asked)
        await self.send(MarkComplete, learner, **asked, send_completion_email=False)

    async def project(self) -> None:
        await Projector(self.log).catch_up()

    async def slot(self, on: float) -> bool:
        """It is that day, and the views are up to date: the scheduler has a turn."""
        self.now = day(on)
        await self.project()
        return await self.part.turn()

    async def carry_out(self) -> None:
        """Operations go on as far as they can."""
        part = Operations(self.log, self.handler, Silent(), self.clock, 20)  # type: ignore[arg-type]
        while await part.turn():
            pass

    async def kept(self, schedule: str = "yearly") -> Kept:
        found = await schedules.read(self.log.pool, self.school, schedule)
        assert found is not None
        return found

    async def record(self, schedule: str = "yearly") -> list[Slot]:
        """What became of its slots, the first one first."""
        return (await schedules.slots_of(self.log.pool, self.school, schedule, 1_000))[::-1]

    async def outcomes(
        self, schedule: str = "yearly"
    ) -> list[tuple[Literal["begun", "nobody", "refused", "missed"], int]]:
        return [(it.outcome, it.learners) for it in await self.record(schedule)]

    async def operations(self) -> list[OperationReported]:
        return await reading.of_school(self.log.pool, self.school, limit=1_000)

    async def asked(self, operation: str) -> list[str]:
        """Whom an operation's parts name."""
        found = await self.log.pool.fetch(
            "select convert_from(body, 'UTF8')::jsonb -> 'learners' ->> i as learner"
            " from operation_parts, generate_series(0, 999) i"
            " where school = $1 and operation = $2"
            " and convert_from(body, 'UTF8')::jsonb -> 'learners' ->> i is not null order by 1",
            *(self.school, operation),
        )
        return [row[0] for row in found]

    async def state(self, learner: str) -> Progress:
        stream = str(Stream(self.school, learner, COURSE))
        loaded = (await self.log.load({stream: 0}))[stream]
        return fold(NOTHING, [decode(it.topic, it.state) for it in loaded])  # type: ignore[misc]
