"""Operations at random: begun in parts, steered by two administrators at once, taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import asyncpg

from contracts import registry, topics
from contracts.envelope import Envelope, write
from contracts.operations import (
    BulkEnroll,
    BulkImport,
    BulkMarkComplete,
    BulkResetProgress,
    ControlOperation,
    ImportRow,
    UndoOperation,
)
from services.domain.policy import Policy
from services.runtime.bus.outbox import Message
from services.store.migrations import migrate
from services.store.policies import set_policy
from services.views.search.criteria import Criteria
from services.views.search.saved import save

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from contracts.operations import OperationCommand
    from tests.faults.school import Schools

LONG_AGO = datetime(2020, 2, 2, tzinfo=UTC)
CAREFUL, MOST_ALONE = "hilltop", 25
"""A school that lets nobody complete more rows alone."""
SEARCH = "halfway"
REMEMBERED = 12
"""Operations that are steered and taken back."""
AGAIN = 60
"""Messages that may be sent once more."""
ACTIONS = ("pause", "pause", "resume", "resume", "resume", "cancel", "retry", "retry", "approve")


class Sending(NamedTuple):
    """A message with the command's school and id; no id where nothing can be answered."""

    message: Message
    school: str
    id: str | None


async def prepare(database: str, schools: Schools) -> None:
    """What a school has set before: a limit on what is done alone, and saved searches."""
    async with asyncpg.create_pool(database, min_size=0, max_size=2) as pool:
        await migrate(pool)  # the parts may not have come so far
        await set_policy(pool, CAREFUL, Policy(four_eyes_above=MOST_ALONE))
        for school, course in schools.courses:
            wanted = Criteria(course=course, progress_to=50)
            await save(pool, school, f"{SEARCH}-{course}", wanted, datetime.now(UTC))


class Many:
    """Draws commands about many learners; the same seed draws the same ones."""

    def __init__(self, rng: random.Random, schools: Schools) -> None:
        self._rng = rng
        self._schools = schools
        self._begun: list[tuple[str, str]] = []
        self._sent: list[Sending] = []

    def draw(self) -> list[Sending]:
        """The next messages: all parts of an operation, an order for one, or something again."""
        drawn = self._rng.random()
        if drawn < 0.08 and self._sent:
            return [self._rng.choice(self._sent)]
        sendings = [self._control()] if drawn < 0.4 and self._begun else self._begin()
        self._sent = [*self._sent, *sendings][-AGAIN:]
        return sendings

    def _control(self) -> Sending:
        school, operation = self._rng.choice(self._begun)
        command = ControlOperation(
            school=school,
            operation=self._rng.choice([operation] * 20 + ["no-operation"]),
            actor=self._actor(),
            action=self._rng.choice(ACTIONS),
        )
        return self._sending(command)

    def _begin(self) -> list[Sending]:
        rng = self._rng
        school = rng.choice(sorted({of for of, _ in self._schools.courses}))
        operation = f"op-{rng.getrandbits(40):010x}"
        mine = [known for known in self._begun if known[0] == school]
        self._begun = [*self._begun, (school, operation)][-REMEMBERED:]
        common: dict[str, Any] = {
            "school": school,
            "operation": operation,
            "actor": self._actor(),
            "dry_run": rng.random() < 0.1,
            "start_at": rng.choice([None, None, None, LONG_AGO]),
            "effective_at": rng.choice([None, None, LONG_AGO]),
        }
        kind = rng.random()
        if kind < 0.15 and mine:
            include = rng.random() < 0.5
            undoes = rng.choice(mine)[1]
            return [self._sending(UndoOperation(**common, undoes=undoes, include_later=include))]
        if kind < 0.3:
            return self._import(common)
        return self._bulk(common, kind)

    def _bulk(self, common: dict[str, Any], kind: float) -> list[Sending]:
        rng, school = self._rng, common["school"]
        courses = [course for of, course in self._schools.courses if of == school]
        course = rng.choice(courses)
        email = {"send_completion_email": rng.random() < 0.5}
        model: type[BulkEnroll | BulkMarkComplete | BulkResetProgress]
        what: dict[str, Any]
        if kind < 0.5:
            model, what = BulkEnroll, {"courses": tuple(rng.sample(courses, 2))}
            if rng.random() < 0.3:
                what = {"programs": ("program-0",)}
            if rng.random() < 0.4:
                what |= {"mark_complete": True, **email}
        elif kind < 0.8:
            model, what = BulkMarkComplete, {"course": course, **self._activities(school, course)}
            what |= email
        else:
            model, what = BulkResetProgress, {"course": course, **self._activities(school, course)}
        if rng.random() < 0.15:
            return [self._sending(model(**common, **what, search=f"{SEARCH}-{course}"))]
        parts = self._parts(self._learners())
        return self._all_of(
            [model(**common, **what, **place, learners=of_part) for place, of_part in parts]
        )

    def _import(self, common: dict[str, Any]) -> list[Sending]:
        rng, school = self._rng, common["school"]
        rows = [self._line(school, line) for line in range(1, rng.randint(2, 60))]
        if rng.random() < 0.4:
            rows.append(rng.choice(rows).model_copy(update={"line": len(rows) + 1}))
        if rng.random() < 0.4:
            rows.append(rng.choice(rows).model_copy(update={"line": len(rows) + 1, "score": 77}))
        how = {"enroll": rng.random() < 0.6, "send_completion_email": rng.random() < 0.5}
        return self._all_of(
            [BulkImport(**common, **how, **place, rows=part) for place, part in self._parts(rows)]
        )

    def _line(self, school: str, line: int) -> ImportRow:
        rng = self._rng
        key = rng.choice([it for it in self._schools.courses if it[0] == school])
        ids = [it.activity for it in self._schools.courses[key].activities()]
        return ImportRow(
            line=line,
            learner=rng.choice([*self._schools.learners, "u-nobody"]),
            course=key[1],
            activity=rng.choice([None, *ids]),
            completed=rng.random() < 0.9,
            completed_at=rng.choice([None, LONG_AGO]),
            score=rng.choice([None, 55]),
        )

    def _all_of(self, parts: Sequence[OperationCommand]) -> list[Sending]:
        """In any order; now and then the last one never comes, or comes with somebody else's."""
        sendings = [self._sending(part) for part in parts]
        self._rng.shuffle(sendings)
        if len(sendings) > 1 and self._rng.random() < 0.1:
            del sendings[-1]
        if self._rng.random() < 0.05:
            sendings.append(self._sending(parts[0].model_copy(update={"note": "another one"})))
        return sendings

    def _parts(self, whole: Sequence[Any]) -> list[tuple[dict[str, Any], tuple[Any, ...]]]:
        parts = min(self._rng.choice([1, 1, 2, 3]), len(whole))
        return [
            ({"part": part + 1, "parts": parts}, tuple(whole[part::parts])) for part in range(parts)
        ]

    def _learners(self) -> list[str]:
        known = [*self._schools.learners, "u-nobody"]
        chosen = self._rng.sample(known, self._rng.randint(1, len(known)))
        return [*chosen, *chosen[: self._rng.choice([0, 0, 2])]]

    def _activities(self, school: str, course: str) -> dict[str, Any]:
        ids = [it.activity for it in self._schools.courses[school, course].activities()]
        some = tuple(self._rng.sample(ids, 2))
        return {"activities": self._rng.choice(["whole_course", some])}

    def _actor(self) -> str:
        return self._rng.choice([*self._schools.staff * 3, "u-1"])

    def _sending(self, command: OperationCommand) -> Sending:
        return sending(command, str(UUID(int=self._rng.getrandbits(128), version=4)))


def sending(command: OperationCommand, id_: str) -> Sending:
    """The command as a producer sends it."""
    body = command.to_json()
    envelope = Envelope(id_, registry.name_of(command), "/tests", body)
    key = topics.operation_key(command.school, command.operation).encode()
    return Sending(Message(topics.COMMANDS, key, body, write(envelope)), command.school, id_)
