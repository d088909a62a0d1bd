"""A school on a real PostgreSQL that checks files and imports them, without Kafka between."""

from __future__ import annotations

import io
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from contracts import registry
from contracts.catalog import CourseStructure
from contracts.directory import School, User
from contracts.events import CourseStructurePublished
from contracts.topics import Stream, course_stream, program_stream
from services.commands.handler import CommandHandler
from services.commands.incoming import IncomingOperation, fingerprint
from services.domain.evolve import fold
from services.domain.state import NOTHING, Progress
from services.imports.checking import Checked, check
from services.imports.ledger import Counts, Ledger
from services.imports.opening import table
from services.imports.parts import Parts
from services.imports.people import users
from services.imports.table import Reading
from services.operations import reading
from services.operations.desk import Desk
from services.operations.running import Operations
from services.runtime.clock import now
from services.store.directory import Directory
from services.store.mapper import decode, encode
from tests.support.hall import Silent
from tests.support.importing import choices
from tests.support.programs import program, published
from tests.support.school import activity, section

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from contracts.operations import BulkImport, OperationReported
    from services.imports.problems import Problem
    from services.store.log import EventLog

COURSES = {"bio": ("read", "quiz", "exam"), "chem": ("lab",), "phys": ("optics", "waves")}


class Found(NamedTuple):
    """What a file holds, and all that is wrong with it."""

    checked: Checked
    counts: Counts
    problems: list[Problem]

    @property
    def codes(self) -> list[tuple[int | None, str | None, str]]:
        return [(it.line, it.column, it.code) for it in self.problems if not it.harmless]

    @property
    def harmless(self) -> list[tuple[int | None, str]]:
        return [(it.line, it.code) for it in self.problems if it.harmless]


class Office:
    """Learners u-1 to u-9, three courses, and a programme of the first two."""

    def __init__(self, log: EventLog) -> None:
        self.log = log
        self.school = f"s{uuid.uuid4().hex[:8]}"

    async def open(self) -> Office:
        directory = Directory(self.log.pool)
        await directory.put_schools([School(school=self.school, plan="starter")])
        people = [
            User(school=self.school, user="ada", role_level="admin"),
            *(
                self.user(f"u-{n}", name=f"Person {n}", email=f"u{n}@a.example")
                for n in range(1, 10)
            ),
            self.user("twin-1", name="Twin", email="Twin@a.example"),
            self.user("twin-2", name="twin", email="twin@A.example"),
        ]
        await directory.put_users(people)
        await self._publish(
            CourseStructure(
                school=self.school,
                course=course,
                version=1,
                sections=(section(*map(activity, names)),),
            )
            for course, names in COURSES.items()
        )
        green = published(program("bio", "chem", school=self.school))
        await self.log.append([encode(program_stream(self.school, "p-green"), 1, green)])
        return self

    def user(self, id_: str, **fields: Any) -> User:
        return User(school=self.school, user=id_, **fields)

    async def check(self, content: bytes, reading: Reading | None = None, **more: Any) -> Found:
        with Ledger() as ledger:
            return await self._check(content, ledger, reading, **more)

    async def _check(
        self, content: bytes, ledger: Ledger, reading: Reading | None = None, **more: Any
    ) -> Found:
        chosen = choices(school=self.school, **{"now": now(), "enroll": True} | more)
        with table(io.BytesIO(content), reading or Reading()) as found:
            checked = await check(self.log, found, chosen, ledger)
        return Found(checked, ledger.counts(), list(ledger.problems()))

    async def import_(
        self, content: bytes, operation: str = "op", **more: Any
    ) -> OperationReported:
        """Check it, write new people as the directory would, and carry the operation out."""
        with Ledger() as ledger:
            await self._check(content, ledger, **more)
            fresh = [it async for it in users(self.log.pool, self.school, ledger)]
            await Directory(self.log.pool).put_users(fresh)
            for part in Parts(ledger, self._template(operation)):
                name = registry.name_of(part)
                incoming = IncomingOperation(
                    b"", str(uuid.uuid4()), name, part, fingerprint(name, part), now()
                )
                (answer,) = await Desk(self.log, now).take([incoming])
                assert orjson.loads(answer.body)["outcome"] == "accepted", answer
        handler = CommandHandler(self.log, Directory(self.log.pool), now)
        running = Operations(self.log, handler, Silent(), now, 20)  # type: ignore[arg-type]
        while await running.turn():
            pass
        return await reading.one(self.log.pool, self.school, operation)

    async def import_if_any(self, content: bytes, operation: str = "op") -> None:
        """Import the lines that are well, if there are any."""
        if (await self.check(content)).counts.rows:
            await self.import_(content, operation)

    async def parts(self, content: bytes, **more: Any) -> list[BulkImport]:
        with Ledger() as ledger:
            await self._check(content, ledger, **more)
            return list(Parts(ledger, self._template("op")))

    async def rows(self, operation: str) -> list[tuple[int, int, str | None]]:
        found = reading.rows(self.log.pool, self.school, operation)
        return [(it.row, it.place, it.code) async for it in found]

    def _template(self, operation: str) -> dict[str, Any]:
        return {
            "school": self.school,
            "operation": operation,
            "actor": "ada",
            "source": "import",
            "enroll": True,
            "send_completion_email": False,
        }

    async def take(self, people: Iterable[User], courses: Iterable[CourseStructure]) -> None:
        """Know these people and courses too, which another school had."""
        mine = {"school": self.school}
        await Directory(self.log.pool).put_users([it.model_copy(update=mine) for it in people])
        await self._publish([it.model_copy(update=mine) for it in courses])

    async def _publish(self, structures: Iterable[CourseStructure]) -> None:
        await self.log.append(
            [
                encode(
                    course_stream(self.school, it.course),
                    1,
                    CourseStructurePublished(
                        school=self.school,
                        course=it.course,
                        structure_version=1,
                        structure=it,
                        recorded_at=now(),
                    ),
                )
                for it in structures
            ]
        )

    async def records(
        self, learners: Iterable[str], courses: Iterable[str] = COURSES
    ) -> dict[tuple[str, str], Progress]:
        """How each learner stands in each course, where anything is recorded."""
        known = list(courses)
        streams = [Stream(self.school, who, course) for who in learners for course in known]
        loaded = await self.log.load({str(it): 0 for it in streams})
        return {
            (it.learner, it.course): fold(NOTHING, [decode(e.topic, e.state) for e in events])  # type: ignore[misc]
            for it in streams
            if (events := loaded[str(it)])
        }

    async def streams(self) -> Sequence[str]:
        rows = await self.log.pool.fetch(
            "select originator_id from stored_events where originator_id like $1 order by 1",
            f"{self.school}/%",
        )
        return [row[0] for row in rows]


def comparable(records: dict[tuple[str, str], Progress]) -> dict[tuple[str, str], Any]:
    """Without what tells one operation from another: ids, and when it was recorded."""
    return {
        key: (
            state.enrolled,
            state.enrolled_at,
            state.attempt,
            state.completion and (state.completion.provenance, state.completion.effective_at),
            {
                name: (it.score, it.completion and it.completion.effective_at)
                for name, it in state.activities.items()
            },
        )
        for key, state in records.items()
    }
