"""B7: a command, or an operation, is taken back: the record stands as if it had not been."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import event as seen
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from contracts.commands import UndoCommand
from contracts.events import CompletionRevoked, EnrolmentRevoked, ResetRevoked, Revoked
from services.domain.decide import decide
from services.domain.decision import Accepted, Refused
from services.domain.evolve import fold
from services.domain.history import folded, in_force
from services.domain.state import NOTHING
from tests.support import school
from tests.support.school import activity, course, day, within

if TYPE_CHECKING:
    from contracts.commands import Command
    from contracts.events import Event
    from services.domain.decision import Decision

INTRO, QUIZ = activity("intro"), activity("quiz", "exam", passed=50)
EXTRA = activity("extra", required=False)
COURSE = course(INTRO, EXTRA, QUIZ)


class Record:
    """A stream to which commands are sent, `c-1`, `c-2` and so on."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.sent = 0

    def send(self, command: Command) -> Decision:
        self.sent += 1
        context = within(
            COURSE,
            command_id=f"c-{self.sent}",
            recorded_at=day(30 + self.sent),
            history=tuple(self.events),
            structures={COURSE.version: COURSE},
        )
        decision = decide(fold(NOTHING, self.events), command, context)
        if isinstance(decision, Accepted):
            self.events += decision.events
        return decision

    def all(self, *commands: Command) -> Record:
        for command in commands:
            assert isinstance(self.send(command), Accepted)
        return self


def undo(id_: str, **fields: object) -> UndoCommand:
    return UndoCommand(**school.WHOSE, actor=school.ADMINISTRATOR, undoes=id_, **fields)  # type: ignore[arg-type]


def revoked(decision: Decision) -> Revoked:
    assert isinstance(decision, Accepted)
    first = decision.events[0]
    assert isinstance(first, Revoked)
    return first


def refused(decision: Decision) -> str:
    assert isinstance(decision, Refused)
    return decision.code


def test_b7_scores_time_completion_and_attempt_are_as_before_a_mark() -> None:
    record = Record().all(
        school.enroll(), school.spend("quiz", 60), school.submit("quiz", 40), school.visit("intro")
    )
    before = fold(NOTHING, record.events)
    record.all(school.mark(email=True))
    event = revoked(record.send(undo("c-5")))
    assert isinstance(event, CompletionRevoked)
    assert [it.version for it in event.undone] == [6, 7, 8]
    after = fold(NOTHING, record.events)
    assert after._replace(emailed=False) == before
    assert after.emailed  # M5: what was asked for was sent, and is not sent again in this attempt


def test_b7_the_undo_of_a_reset_brings_the_attempt_back() -> None:
    record = Record().all(school.enroll(), school.mark(), school.reset())
    assert fold(NOTHING, record.events).attempt == 2
    event = revoked(record.send(undo("c-3")))
    assert isinstance(event, ResetRevoked)
    assert fold(NOTHING, record.events)._replace(opened=1) == fold(NOTHING, record.events[:-2])


def test_b7_the_undo_of_an_enrolment_leaves_nobody_enrolled() -> None:
    record = Record().all(school.enroll())
    assert isinstance(revoked(record.send(undo("c-1"))), EnrolmentRevoked)
    assert fold(NOTHING, record.events) == NOTHING


def test_b7_later_events_that_stand_on_it_refuse_it_or_are_undone_too() -> None:
    record = Record().all(school.enroll(), school.mark("intro"), school.mark("quiz"))
    decision = record.send(undo("c-2"))
    assert isinstance(decision, Refused)
    assert (decision.code, decision.details["commands"]) == ("later_events", ["c-3"])
    event = revoked(record.send(undo("c-2", include_later=True)))
    assert set(event.undoes) >= {"c-2", "c-3"}
    assert fold(NOTHING, record.events).completion is None


def test_b7_what_was_done_after_a_reset_stands_on_it() -> None:
    record = Record().all(school.enroll(), school.mark(), school.reset(), school.visit("intro"))
    assert refused(record.send(undo("c-3"))) == "later_events"
    revoked(record.send(undo("c-3", include_later=True)))
    assert fold(NOTHING, record.events).attempt == 1


def test_b7_what_the_learner_earned_meanwhile_is_earned_then() -> None:
    """A late signal does not stand on a mark; without the mark it would have completed (L1)."""
    record = Record().all(school.enroll(), school.mark("quiz"), school.submit("quiz", 80))
    decision = record.send(undo("c-2"))
    revoked(decision)
    quiz = fold(NOTHING, record.events).of("quiz")
    assert quiz.completion is not None
    assert (quiz.completion.provenance, quiz.score) == ("earned", 80)
    assert quiz.completion.effective_at == day(33)


def test_b7_an_operation_is_undone_in_one_go() -> None:
    record = Record().all(
        school.enroll(batch_id="op"),
        school.mark("intro", batch_id="op"),
        school.mark("quiz", batch_id="op"),
    )
    whole = UndoCommand(**school.WHOSE, actor=school.ADMINISTRATOR, undoes_operation="op")
    revoked(record.send(whole))
    assert fold(NOTHING, record.events) == NOTHING


@pytest.mark.parametrize(
    ("commands", "code"),
    [
        ([undo("c-9")], "nothing_to_undo"),
        ([school.mark("intro"), undo("c-2"), undo("c-2")], "already_undone"),
        ([school.mark("intro"), undo("c-2"), undo("c-3")], "not_undoable"),
        ([school.visit("intro"), undo("c-2")], "not_undoable"),
        ([school.unenroll(), undo("c-2")], "not_undoable"),
    ],
)
def test_b7_what_cannot_be_undone_is_refused_by_code(commands: list[Command], code: str) -> None:
    record = Record().all(school.enroll(), *commands[:-1])
    before = list(record.events)
    assert refused(record.send(commands[-1])) == code
    assert record.events == before


def test_a1_only_an_administrator_undoes() -> None:
    record = Record().all(school.enroll(), school.mark("intro"))
    context = within(COURSE, actor_level="instructor", history=tuple(record.events))
    assert refused(decide(fold(NOTHING, record.events), undo("c-2"), context)) == "not_permitted"


ids = st.sampled_from(["intro", "quiz", "extra"])
commands = st.one_of(
    st.just(school.enroll()),
    st.builds(school.mark, ids),
    st.builds(lambda email: school.mark(email=email), st.booleans()),
    st.builds(school.import_, ids),
    st.builds(school.reset, ids),
    st.just(school.reset()),
    st.builds(school.visit, ids),
    st.builds(school.submit, ids, st.sampled_from([30.0, 60.0, 90.0])),
    st.builds(school.spend, ids, st.integers(1, 100)),
    st.builds(undo, st.integers(1, 12).map("c-{}".format), include_later=st.booleans()),
)


@settings(max_examples=300, deadline=None)
@drawn(st.lists(commands, max_size=14))
def test_b7_the_record_is_the_fold_of_what_is_in_force(sent: list[Command]) -> None:
    """Whatever is undone, and undone after that; the e-mail of an attempt alone is remembered."""
    record = Record()
    for command in [school.enroll(), *sent]:
        decision = record.send(command)
        if isinstance(command, UndoCommand):
            seen("undone" if isinstance(decision, Accepted) else refused(decision))
        stands = fold(NOTHING, record.events)
        left = in_force(record.events)
        known: dict[str, Any] = {"emailed": False, "opened": 1}
        assert stands._replace(**known) == folded(left)._replace(**known)
        for event in record.events[-1:]:
            if isinstance(event, Revoked):
                kinds = [type(it.event).__name__ for it in left]
                assert event.completions == kinds.count("CourseCompleted")
                assert event.enrolments == kinds.count("LearnerEnrolled")
