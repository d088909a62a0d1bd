"""Commands of all kinds, valid and not, as several producers at once would send them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from contracts import topics
from contracts.commands import (
    Claim,
    Command,
    EnrollLearner,
    ImportCompletion,
    Join,
    MarkComplete,
    RecordActivity,
    ResetProgress,
    Submission,
    TimeSpent,
    UndoCommand,
    UnenrollLearner,
    Visit,
)
from contracts.envelope import Envelope, write
from services.runtime.bus.outbox import Message
from tests.faults.many import Many, Sending
from tests.support.stack import message

if TYPE_CHECKING:
    import random

    from tests.faults.school import Schools

LONG_AGO = datetime(2020, 2, 2, tzinfo=UTC)
MOST = 0.7
FOR_MANY = 0.03
"""How often a command is followed by one about many learners."""
REMEMBERED = 400
"""Messages that may be sent once more."""


class Commands:
    """Draws commands; the same seed draws the same ones."""

    def __init__(self, rng: random.Random, schools: Schools) -> None:
        self._rng = rng
        self._schools = schools
        self._many = Many(rng, schools)
        self._sent: list[tuple[Command, Sending]] = []

    def enrolments(self) -> list[Sending]:
        """Of most learners in most courses."""
        return [
            self._sending(EnrollLearner(school=school, learner=learner, course=course), self._id())
            for school, course in self._schools.courses
            for learner in self._schools.learners
            if self._rng.random() < MOST
        ]

    def draw(self, count: int) -> list[Sending]:
        """The next ones, of different learners in any order."""
        drawn = [self._next() for _ in range(count)]
        for _ in range(count):
            if self._rng.random() < FOR_MANY:
                drawn += self._many.draw()
        self._rng.shuffle(drawn)
        return drawn

    def draw_for_many(self, count: int) -> list[Sending]:
        """Messages about many learners alone, in the order in which they are drawn."""
        return [sending for _ in range(count) for sending in self._many.draw()]

    def _next(self) -> Sending:
        kind = self._rng.random()
        if kind < 0.08 and self._sent:
            return self._again()
        if kind < 0.14:
            return self._broken()
        command = self._undo() if kind < 0.17 and self._sent else self._command()
        sending = self._sending(command, self._id())
        self._sent = [*self._sent[-REMEMBERED:], (command, sending)]
        return sending

    def _again(self) -> Sending:
        """The same message once more, or its id with another body (B1)."""
        command, sending = self._rng.choice(self._sent)
        if self._rng.random() < 0.7:
            return sending
        other = command.model_copy(update={"correlation_id": "another-body"})
        return self._sending(other, str(sending.id))

    def _broken(self) -> Sending:
        """What can only be refused, and what cannot even be answered."""
        command, id_ = self._command(), self._id()
        sound = self._sending(command, id_)
        body, key = sound.message.value or b"", sound.message.key
        match self._rng.randrange(5):
            case 0:
                return self._raw(sound, body.replace(b'"course":', b'"cours":'), key, id_)
            case 1:
                return self._raw(sound, body[:-5], key, id_)
            case 2:
                return self._raw(sound, body, b"riverside/somebody-else", id_)
            case 3:
                return self._raw(sound, body, key, id_, type_="coursemark.commands.dance.v1")
            case _:
                letter = Message(topics.COMMANDS, key, b"\xffgarbage", [])
                return Sending(letter, command.school, None)

    def _raw(
        self, sound: Sending, body: bytes, key: bytes | None, id_: str, type_: str | None = None
    ) -> Sending:
        name = type_ or next(raw.decode() for n, raw in sound.message.headers if n == "ce_type")
        envelope = Envelope(id_, name, "/tests", body)
        return Sending(Message(topics.COMMANDS, key, body, write(envelope)), sound.school, id_)

    def _sending(self, command: Command, id_: str) -> Sending:
        return Sending(message(command, id_), command.school, id_)

    def _id(self) -> str:
        return str(UUID(int=self._rng.getrandbits(128), version=4))

    def _command(self) -> Command:
        rng = self._rng
        school, course = rng.choice(list(self._schools.courses))
        who: dict[str, Any] = {
            "school": school,
            "learner": rng.choice([*self._schools.learners, "u-nobody"]),
            "course": course if rng.random() < 0.97 else "no-course",
        }
        ids = [it.activity for it in self._schools.courses[school, course].activities()]
        drawn = rng.random()
        if drawn < 0.12:
            return EnrollLearner(**who)
        if drawn < 0.14:
            return UnenrollLearner(**who)
        if drawn < 0.65:
            activity = rng.choice([*ids, "no-activity"])
            return RecordActivity(**who, activity=activity, signal=self._signal())
        return self._administration(who, ids)

    def _signal(self) -> Visit | Join | Claim | Submission | TimeSpent:
        rng = self._rng
        return rng.choice(
            [
                Visit(),
                Visit(),
                Join(),
                Claim(),
                Submission(score=rng.randint(0, 100)),
                TimeSpent(seconds=rng.randint(1, 900)),
            ]
        )

    def _undo(self) -> Command:
        """Takes back what some command before may have done, and perhaps what stands on it."""
        command, sending = self._rng.choice(self._sent)
        return UndoCommand(
            school=command.school,
            learner=command.learner,
            course=command.course,
            actor=self._rng.choice(self._schools.staff),
            undoes=str(sending.id),
            include_later=self._rng.random() < 0.5,
        )

    def _administration(self, who: dict[str, Any], ids: list[str]) -> Command:
        rng = self._rng
        common = who | {
            "actor": rng.choice([*self._schools.staff, "u-1"]),
            "effective_at": rng.choice([None, None, LONG_AGO]),
        }
        some: Any = "whole_course"
        if rng.random() < 0.7:
            some = tuple(rng.sample(ids, rng.randint(1, min(3, len(ids)))))
        email = {"send_completion_email": rng.random() < 0.5}
        match rng.randrange(4):
            case 0 | 1:
                return MarkComplete(**common, **email, activities=some)
            case 2:
                return ImportCompletion(
                    **common, **email, activity=rng.choice(ids), score=rng.choice([None, 40, 90])
                )
            case _:
                return ResetProgress(**common, activities=some)
