"""A log of any length without carrying out its commands: one learner's events, for many."""

from collections.abc import Iterator

from benchmarks import school
from contracts.envelope import read
from contracts.registry import COMMANDS
from contracts.topics import Stream
from services.domain.course import Course
from services.domain.decide import decide
from services.domain.decision import Accepted, Context
from services.domain.evolve import fold
from services.domain.state import NOTHING
from services.store.mapper import encode
from services.store.records import NewEvent

PATTERN = school.learner(0)


def events(learners: int) -> Iterator[NewEvent]:
    """14 events for each learner, in the order in which a school's terms go."""
    pattern = _pattern()
    for first in range(0, learners, school.COHORT):
        cohort = [str(n) for n in range(first, min(first + school.COHORT, learners))]
        for event in pattern:
            for number in cohort:
                yield _for(event, school.learner(int(number)))


def _for(event: NewEvent, learner: str) -> NewEvent:
    return event._replace(
        originator_id=event.originator_id.replace(PATTERN, learner),
        state=event.state.replace(PATTERN.encode(), learner.encode()),
    )


def _pattern() -> list[NewEvent]:
    """What the rules decide for the one learner of a school of one."""
    course = Course(school.structures()[0], school.NOW)
    state = NOTHING
    stream = str(Stream(school.SCHOOL, PATTERN, course.structure.course))
    decided: list[NewEvent] = []
    for record in school.records(1):
        envelope = read(record.value, record.headers)
        command = COMMANDS[envelope.type].model_validate_json(envelope.data)
        decision = decide(state, command, _context(envelope.id, course))
        if not isinstance(decision, Accepted):
            raise TypeError(decision)
        for event in decision.events:
            decided.append(encode(stream, len(decided) + 1, event))
        state = fold(state, decision.events)
    return decided


def _context(command_id: str, course: Course) -> Context:
    return Context(
        command_id=command_id,
        recorded_at=school.NOW,
        course=course,
        plan="learning_center",
        actor_level="admin",
        learner_known=True,
    )
