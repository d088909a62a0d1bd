"""A school whose operations go on when they are told to."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import orjson

from contracts import registry
from contracts.catalog import CourseStructure
from contracts.commands import WHOLE_COURSE, EnrollLearner
from contracts.directory import School, User
from contracts.events import CourseStructurePublished
from contracts.operations import (
    BulkMarkComplete,
    ControlOperation,
    OperationCommand,
    OperationReported,
)
from contracts.topics import Stream, course_stream
from services.commands.handler import CommandHandler
from services.commands.incoming import Incoming, IncomingOperation, fingerprint
from services.domain.evolve import fold
from services.domain.state import NOTHING, Progress
from services.operations import reading
from services.operations.desk import Desk
from services.operations.running import Operations
from services.runtime.clock import now
from services.store.directory import Directory
from services.store.mapper import decode, encode
from tests.support.school import activity, section

if TYPE_CHECKING:
    from services.store.log import EventLog

COURSE = "first-aid"


class Silent:
    """Reports are what other tests are about."""

    async def send(self) -> None:
        """Nothing."""


class Hall:
    """A school with learners, and operations that go on when they are told to."""

    def __init__(self, log: EventLog) -> None:
        self.log = log
        self.school = f"s{uuid.uuid4().hex[:8]}"
        self.desk = Desk(log, now)
        self.handler = CommandHandler(log, Directory(log.pool), now)
        self.part = Operations(log, self.handler, Silent(), now, 20)  # type: ignore[arg-type]

    async def open(self, learners: int = 3) -> Hall:
        directory = Directory(self.log.pool)
        await directory.put_schools([School(school=self.school, plan="starter")])
        admins = [User(school=self.school, user=it, role_level="admin") for it in ("ada", "bob")]
        names = [f"u-{number}" for number in range(1, learners + 1)]
        await directory.put_users(
            [*admins, *(User(school=self.school, user=name) for name in names)]
        )
        await self.publish(1, "read", "quiz")
        return self

    async def publish(self, version: int, *names: str) -> None:
        structure = CourseStructure(
            school=self.school,
            course=COURSE,
            version=version,
            sections=(section(*map(activity, names)),),
        )
        event = CourseStructurePublished(
            school=self.school,
            course=COURSE,
            structure_version=version,
            structure=structure,
            recorded_at=now(),
        )
        stream = course_stream(self.school, COURSE)
        await self.log.append([encode(stream, version, event)])

    async def enroll(self, *learners: str) -> None:
        batch = []
        for learner in learners:
            command = EnrollLearner(school=self.school, learner=learner, course=COURSE)
            name = registry.name_of(command)
            print_ = fingerprint(name, command)
            batch.append(Incoming(b"", f"enrol-{learner}", name, command, print_, now()))
        await self.handler.handle(batch)

    async def ask(self, command: OperationCommand, id_: str | None = None) -> dict[str, Any]:
        name = registry.name_of(command)
        incoming = IncomingOperation(
            b"", id_ or str(uuid.uuid4()), name, command, fingerprint(name, command), now()
        )
        (answer,) = await self.desk.take([incoming])
        result: dict[str, Any] = orjson.loads(answer.body)
        return result

    def mark(self, operation: str, *learners: str, **fields: Any) -> BulkMarkComplete:
        usual: dict[str, Any] = {
            "activities": WHOLE_COURSE,
            "course": COURSE,
            "actor": "ada",
            "send_completion_email": False,
            "learners": learners or None,
        }
        return BulkMarkComplete(school=self.school, operation=operation, **usual | fields)

    async def control(self, operation: str, action: Any, actor: str = "ada") -> str:
        command = ControlOperation(
            school=self.school, operation=operation, actor=actor, action=action
        )
        result = await self.ask(command)
        return str(result.get("code", "accepted"))

    async def go(self) -> None:
        """Everything goes on as far as it can."""
        while await self.part.turn():
            pass

    async def report(self, operation: str) -> OperationReported:
        return await reading.one(self.log.pool, self.school, operation)

    async def rows(self, operation: str) -> list[tuple[str, str, str | None]]:
        found = reading.rows(self.log.pool, self.school, operation)
        return [(it.learner, it.outcome, it.code) async for it in found]

    async def record(self, learner: str) -> Progress:
        stream = str(Stream(self.school, learner, COURSE))
        loaded = (await self.log.load({stream: 0}))[stream]
        return fold(NOTHING, [decode(it.topic, it.state) for it in loaded])  # type: ignore[misc]
