"""A batch decided in memory: one command after the other, each in the state the last one left."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from contracts.commands import AdministratorCommand, EnrollLearner, UnenrollLearner
from contracts.events import Event
from contracts.topics import Stream, course_stream
from services.commands import answers
from services.commands.answers import Answer
from services.commands.incoming import Incoming
from services.commands.previewing import Foreseen, foresee
from services.commands.states import EMPTY, Folded
from services.domain.course import Course
from services.domain.decide import decide
from services.domain.decision import Accepted, Context, Decision, Refused
from services.domain.evolve import fold
from services.domain.policy import NO_LIMITS
from services.store.courses import CourseCache
from services.store.directory import Facts
from services.store.mapper import encode
from services.store.records import NewEvent, Receipt, StoredReceipt

Key = tuple[str, str]
"""School and command id."""


class Past(NamedTuple):
    """What only undos ask for, by stream: a record's events, and a course's structures."""

    histories: dict[str, list[Event]]
    structures: dict[str, dict[int, Course]]


class Loaded(NamedTuple):
    """What the batch needs to know, read before it is decided."""

    now: datetime
    courses: CourseCache
    facts: Facts
    streams: dict[str, Folded]
    receipts: dict[Key, StoredReceipt]
    past: Past


class Deciding:
    """Collects the events and receipts of a batch; ``streams`` moves on with each command."""

    def __init__(self, loaded: Loaded) -> None:
        self._now = loaded.now
        self._courses = loaded.courses
        self._facts = loaded.facts
        self._given = loaded.receipts
        self.streams = loaded.streams
        self._histories = loaded.past.histories
        self._structures = loaded.past.structures
        self._events: list[NewEvent] = []
        self._receipts: list[Receipt] = []

    def answer(self, incoming: Incoming) -> Answer:
        """Decide the command, or repeat what was answered to its id (B1)."""
        return self._repeat(incoming) or self._give(incoming, self._decide(incoming))

    def foresee(self, incoming: Incoming) -> Foreseen:
        """What it would lead to here and now; nothing moves, and its id is as good as unused."""
        return self._foresee(incoming)[0]

    def foresee_and_move(self, incoming: Incoming) -> Foreseen:
        """The same, and ``streams`` moves on, though nothing of it is ever appended."""
        foreseen, after = self._foresee(incoming)
        self.streams[stream_of(incoming)] = after
        self._remember(stream_of(incoming), foreseen.events)
        return foreseen

    def refuse(self, incoming: Incoming, refused: Refused) -> Answer:
        """Refuse it for ever, whatever its state."""
        rejected = answers.rejected(incoming, refused, self._now)
        return self._repeat(incoming) or self._give(incoming, answers.of(rejected))

    def _repeat(self, incoming: Incoming) -> Answer | None:
        given = self._given.get(key_of(incoming))
        return None if given is None else answers.repeated(incoming, given)

    def take(self) -> tuple[list[NewEvent], list[Receipt]]:
        """The events and receipts since the last time: they belong into one transaction."""
        taken = self._events, self._receipts
        self._events, self._receipts = [], []
        return taken

    def _give(self, incoming: Incoming, answer: Answer) -> Answer:
        school, command_id = key = key_of(incoming)
        self._given[key] = StoredReceipt(incoming.fingerprint, answer.body)
        self._receipts.append(Receipt(school, command_id, incoming.fingerprint, answer.body))
        return answer

    def _foresee(self, incoming: Incoming) -> tuple[Foreseen, Folded]:
        decision, after = self._decided(incoming)
        course = self._courses.get(incoming.command.school, incoming.command.course)
        return foresee(incoming, decision, after.state, course, self._now), after

    def _decide(self, incoming: Incoming) -> Answer:
        decision, after = self._decided(incoming)
        if not isinstance(decision, Accepted):
            return answers.of(answers.rejected(incoming, decision, self._now))
        name, first = stream_of(incoming), after.version - len(decision.events) + 1
        encoded = [
            encode(name, version, event) for version, event in enumerate(decision.events, first)
        ]
        self._events += encoded
        self.streams[name] = after
        self._remember(name, decision.events)
        return answers.of(answers.accepted(incoming, decision, encoded, self._now))

    def _remember(self, name: str, events: Sequence[Event]) -> None:
        if name in self._histories:
            self._histories[name] += events

    def _decided(self, incoming: Incoming) -> tuple[Decision, Folded]:
        """What it leads to here and now, and its stream as that would leave it; nothing moves."""
        before = self.streams.get(stream_of(incoming), EMPTY)
        decision = decide(before.state, incoming.command, self._context(incoming))
        if not isinstance(decision, Accepted):
            return decision, before
        version = before.version + len(decision.events)
        return decision, Folded(version, fold(before.state, decision.events))

    def _context(self, incoming: Incoming) -> Context:
        command = incoming.command
        levels, school = self._facts.levels, command.school
        actor = actor_of(incoming)
        return Context(
            command_id=incoming.command_id,
            recorded_at=self._now,
            course=self._courses.get(school, command.course),
            plan=self._facts.plans.get(school),
            actor_level=None if actor is None else levels.get((school, actor)),
            learner_known=(school, command.learner) in levels,
            policy=self._facts.policies.get(school, NO_LIMITS),
            history=self._histories.get(stream_of(incoming), ()),
            structures=self._structures.get(course_stream(school, command.course), {}),
        )


def key_of(incoming: Incoming) -> Key:
    """What its receipt is found by."""
    return incoming.command.school, incoming.command_id


def stream_of(incoming: Incoming) -> str:
    """The stream that the command is about."""
    command = incoming.command
    return str(Stream(command.school, command.learner, command.course))


def actor_of(incoming: Incoming) -> str | None:
    """Who asks for it, where it says so."""
    match incoming.command:
        case AdministratorCommand() | EnrollLearner() | UnenrollLearner() as command:
            return command.actor
        case _:
            return None
