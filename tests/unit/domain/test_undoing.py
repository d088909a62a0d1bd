"""B7: a command, or an operation, is taken back: the record stands as if it had not been."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import event as seen
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from contracts.commands import UndoCommand
from contracts.events import (
    CompletionRevoked,
    CourseCompleted,
    EnrolmentRevoked,
    ResetRevoked,
    Revoked,
)
from services.domain.decide import decide
from services.domain.deciders import undoing
from services.domain.decision import Accepted, Refused
from services.domain.evolve import fold
from services.domain.history import folded, in_force
from services.domain.state import NOTHING
from tests.support import school
from tests.support.school import activity, course, day, within

if TYPE_CHECKING:
    from contracts.commands import Command
    from contracts.events import Event
    from services.domain.course import Course
    from services.domain.decision import Decision
    from services.domain.state import Progress

INTRO, QUIZ = activity("intro"), activity("quiz", "exam", passed=50)
EXTRA = activity("extra", required=False)
COURSE = course(INTRO, EXTRA, QUIZ)


class Record:
    """A stream to which commands are sent, `c-1`, `c-2` and so on, from day 31, one a day."""

    def __init__(self, *structures: Course) -> None:
        self.structures = structures or (COURSE,)
        self.course = self.structures[0]
        self.events: list[Event] = []
        self.sent = 0

    @property
    def state(self) -> Progress:
        return fold(NOTHING, self.events)

    def send(self, command: Command, **facts: object) -> Decision:
        self.sent += 1
        context = within(
            self.course,
            command_id=f"c-{self.sent}",
            recorded_at=day(30 + self.sent),
            history=tuple(self.events),
            structures={it.version: it for it in self.structures},
            **facts,
        )
        decision = decide(self.state, command, context)
        if isinstance(decision, Accepted):
            self.events += decision.events
        return decision

    def all(self, *commands: Command) -> Record:
        for command in commands:
            assert isinstance(self.send(command), Accepted)
        return self

    def under(self, course: Course) -> Record:
        """From now on the course has this structure."""
        self.course = course
        return self


def undo(id_: str, **fields: object) -> UndoCommand:
    return UndoCommand(**school.WHOSE, actor=school.ADMINISTRATOR, undoes=id_, **fields)  # type: ignore[arg-type]


def undo_operation(id_: str) -> UndoCommand:
    return UndoCommand(**school.WHOSE, actor=school.ADMINISTRATOR, undoes_operation=id_)


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


def test_b7_an_undo_says_of_each_event_what_anybody_may_have_added_up() -> None:
    """And of the attempt that it leads back to, when it began and whether it was completed."""
    record = Record().all(
        school.enroll(actor="u-8"), school.mark(), school.reset(), school.submit("quiz", 40)
    )
    event = revoked(record.send(undo("c-3", include_later=True)))
    gone, submission = event.undone
    assert (gone.opens_attempt, gone.actor, gone.attempt) == (2, school.ADMINISTRATOR, 1)
    assert (submission.passed, submission.score, submission.attempt) == (False, 40, 2)
    assert (event.attempt, event.began_at, event.attempt_completed) == (1, day(31), True)
    marked = revoked(record.send(undo("c-2")))
    assert [it.cause for it in marked.undone] == [None, None, None, "activity"]
    assert (marked.began_at, marked.attempt_completed) == (day(31), False)
    nobody = revoked(record.send(undo("c-1", include_later=True)))
    assert (nobody.undone[0].actor, nobody.began_at) == ("u-8", None)


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


def test_b7_a_reset_that_covers_a_completion_stands_on_it() -> None:
    record = Record().all(school.enroll(), school.mark("intro"), school.reset("extra", "intro"))
    assert refused(record.send(undo("c-2"))) == "later_events"
    revoked(record.send(undo("c-2", include_later=True)))
    assert record.state.activities == {}
    other = Record().all(
        school.enroll(), school.mark("intro"), school.mark("quiz"), school.reset("quiz")
    )
    decision = other.send(undo("c-2"))
    assert isinstance(decision, Refused)
    assert decision.details["count"] == 2  # the course's completion, and what opened it again


def test_b7_a_reset_that_opened_the_course_again_stands_on_its_completion() -> None:
    """M13: all activities were complete, and the administrator completed the course alone."""
    easy = course(INTRO, version=2)
    record = Record(COURSE, easy).all(school.enroll(), school.mark("intro")).under(easy)
    record.all(school.mark(), school.reset("intro"))
    assert refused(record.send(undo("c-3"))) == "later_events"
    revoked(record.send(undo("c-3", include_later=True)))
    assert (record.state.is_complete("intro"), record.state.completion) == (True, None)


def test_b7_a_course_that_the_undo_opens_is_not_completed_again_by_it() -> None:
    easy = course(INTRO, version=2)
    record = Record(COURSE, easy).all(school.enroll(), school.mark("intro")).under(easy)
    decision = record.all(school.mark()).send(undo("c-3"))
    assert isinstance(decision, Accepted)
    assert len(decision.events) == 1
    assert record.state.completion is None


def test_b7_what_a_completion_of_the_course_required_is_asked_of_the_structure_it_had() -> None:
    """M14: `extra` became required later; the course was complete without it."""
    harder = course(INTRO, activity("extra"), QUIZ, version=2)
    record = Record(COURSE, harder).all(
        school.enroll(), school.mark("extra"), school.mark("intro"), school.mark("quiz")
    )
    revoked(record.under(harder).send(undo("c-2")))
    assert record.state.completion is not None
    assert not record.state.is_complete("extra")


def test_b7_of_a_learners_own_command_only_what_stands_on_it_is_undone() -> None:
    record = Record().all(school.enroll(), school.mark("quiz"), school.visit("intro"))
    assert refused(record.send(undo("c-2"))) == "later_events"
    event = revoked(record.send(undo("c-2", include_later=True)))
    assert [it.type.split(".")[2] for it in event.undone] == [
        "activity_completed",
        "course_completed",
    ]
    assert record.state.is_complete("intro")
    assert record.state.completion is None


def test_b7_late_signals_stay_and_score_what_they_give() -> None:
    record = Record().all(school.enroll(), school.mark("quiz"))
    record.all(school.spend("quiz", 60), school.submit("quiz", 40))
    assert record.state.of("quiz").score == 100
    assert len(record.all(undo("c-2")).events) == 5  # 40 does not pass: the undo alone
    assert record.state.of("quiz")[:6] == (True, False, False, True, 40, 60)
    assert not record.state.is_complete("quiz")


def test_b7_m5_what_was_earned_meanwhile_completes_the_course_without_an_email() -> None:
    record = Record().all(school.enroll(), school.visit("intro"), school.mark(email=True))
    record.all(school.submit("quiz", 90))
    decision = record.send(undo("c-3"))
    assert isinstance(decision, Accepted)
    _, activity_completed, course_completed = decision.events
    assert isinstance(course_completed, CourseCompleted)
    assert (course_completed.provenance, course_completed.cause) == ("earned", "activity")
    assert not course_completed.send_completion_email
    assert activity_completed.effective_at == course_completed.effective_at == day(34)


def test_b7_rules_that_became_easier_are_held_from_when_they_did() -> None:
    easy = course(INTRO, activity("quiz", "exam", passed=20), version=2, published=33.5)
    record = Record(COURSE, easy).all(
        school.enroll(), school.mark("quiz"), school.submit("quiz", 30)
    )
    record.under(easy).all(undo("c-2"))
    assert record.state.of("quiz").completion == ("earned", day(33.5))


def test_b7_nothing_is_earned_by_an_undo_where_nobody_is_enrolled() -> None:
    record = Record().all(school.enroll(), school.mark("intro"), school.visit("intro"))
    record.all(school.unenroll(), undo("c-2"))
    assert not record.state.is_complete("intro")
    assert record.all(school.enroll()).state.is_complete("intro")


def test_b7_the_undo_of_a_reset_of_activities_asks_for_those_alone() -> None:
    record = Record().all(
        school.enroll(), school.submit("quiz", 60), school.reset("quiz"), school.visit("intro")
    )
    assert isinstance(revoked(record.send(undo("c-3"))), ResetRevoked)
    assert record.state.of("quiz").completion == ("earned", day(32))
    again = Record().all(school.enroll(), school.mark(), school.reset("quiz"), school.mark("quiz"))
    assert refused(again.send(undo("c-3"))) == "later_events"
    before = fold(NOTHING, again.events[:5])
    revoked(again.send(undo("c-3", include_later=True)))
    assert again.state == before


def test_b7_a_reset_that_would_have_opened_the_course_stands_on_the_one_that_did() -> None:
    """Without the first, the second would have: so the course must not be left complete."""
    record = Record().all(school.enroll(), school.mark(), school.reset("quiz"))
    record.all(school.reset("intro"))
    assert refused(record.send(undo("c-3"))) == "later_events"
    revoked(record.send(undo("c-3", include_later=True)))
    assert record.state.completion is not None
    assert record.state.is_complete("intro")
    optional = Record().all(school.enroll(), school.mark(), school.reset("quiz"))
    optional.all(school.reset("extra"), undo("c-3"))
    assert optional.state.completion is not None
    assert not optional.state.is_complete("extra")


def test_b7_m12_what_was_completed_after_an_undone_reset_may_have_been_the_last() -> None:
    record = Record().all(school.enroll(), school.mark("intro"), school.reset("intro"))
    record.all(school.import_("quiz", score=70.0, email=True))
    decision = record.send(undo("c-3"))
    assert isinstance(decision, Accepted)
    _, course_completed = decision.events
    assert isinstance(course_completed, CourseCompleted)
    assert (course_completed.provenance, course_completed.cause) == ("imported", "activity")
    assert course_completed.effective_at == day(34)
    assert not course_completed.send_completion_email


def test_b7_r4_the_number_of_an_attempt_is_never_given_again() -> None:
    record = Record().all(school.enroll(), school.mark(), school.reset())
    record.all(undo("c-3"), school.reset())
    assert record.state.attempt == 3
    record.all(undo("c-5"), school.reset())
    assert record.state.attempt == 4


def test_b7_m5_one_email_for_an_attempt_whatever_is_undone() -> None:
    record = Record().all(school.enroll(), school.mark(email=True), school.reset())
    record.all(school.mark(email=True), undo("c-3", include_later=True), undo("c-2"))
    record.all(school.mark(email=True))
    assert not record.events[-1].send_completion_email  # type: ignore[union-attr]
    record.all(school.reset(), school.mark(email=True))
    emails = [
        it.attempt
        for it in record.events
        if isinstance(it, CourseCompleted) and it.send_completion_email
    ]
    assert emails == [1, 2, 3]


def test_b7_whatever_came_after_an_enrolment_stands_on_it() -> None:
    record = Record().all(school.enroll(), school.spend("intro", 1))
    assert refused(record.send(undo("c-1"))) == "later_events"
    revoked(record.send(undo("c-1", include_later=True)))
    assert record.state == NOTHING
    again = Record().all(school.enroll(), school.unenroll())
    again.all(school.enroll(), undo("c-3"))
    assert (again.state.enrolled, again.state.enrolled_at) == (False, day(31))


def test_b7_m3_an_operation_that_enrolled_and_marked_is_undone_whole() -> None:
    record = Record().all(school.enroll(batch_id="op"), school.mark(batch_id="op"))
    event = revoked(record.send(undo_operation("op")))
    assert isinstance(event, EnrolmentRevoked)
    assert (event.completions, event.enrolments) == (0, 0)
    assert record.state._replace(emailed=False) == NOTHING


def test_b7_an_import_is_undone_as_a_mark_is() -> None:
    record = Record().all(school.enroll(), school.import_("quiz", score=70.0))
    assert isinstance(revoked(record.send(undo("c-2"))), CompletionRevoked)
    assert record.state.activities == {}


def test_b7_what_is_too_much_for_one_event_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "MOST", 2)
    record = Record().all(school.enroll(), school.mark())
    assert refused(record.send(undo("c-2"))) == "not_undoable"


def test_b7_a_refusal_says_what_stands_on_it_and_how_much() -> None:
    record = Record().all(school.enroll(), school.mark(), school.reset())
    record.all(*[school.spend("intro", 1)] * 30)
    decision = record.send(undo("c-3"))
    assert isinstance(decision, Refused)
    assert decision.details == {
        "count": 30,
        "commands": [f"c-{number}" for number in range(4, 24)],
        "events": [f"riverside/u-1204/biology-1@{version}" for version in range(7, 27)],
    }
    assert "30 later events stand" in decision.message


@pytest.mark.parametrize(
    ("commands", "code"),
    [
        ([undo("c-9")], "nothing_to_undo"),
        ([school.mark("intro"), undo("c-2"), undo("c-2")], "already_undone"),
        ([school.mark("intro"), undo("c-2"), undo("c-3")], "not_undoable"),
        ([school.visit("intro"), undo("c-2")], "not_undoable"),
        ([school.unenroll(), undo("c-2")], "not_undoable"),
        ([school.mark("intro", batch_id="op"), undo_operation("c-2")], "nothing_to_undo"),
        ([school.visit("intro", batch_id="op"), undo_operation("op")], "not_undoable"),
        (
            [school.mark("intro"), undo("c-2", batch_id="back"), undo_operation("back")],
            "not_undoable",
        ),
    ],
)
def test_b7_what_cannot_be_undone_is_refused_by_code(commands: list[Command], code: str) -> None:
    record = Record().all(school.enroll(), *commands[:-1])
    before = list(record.events)
    assert refused(record.send(commands[-1])) == code
    assert record.events == before


def test_b7_what_a_change_of_the_structure_completed_is_not_undone() -> None:
    easy = course(INTRO, version=2)
    record = Record(COURSE, easy).all(school.enroll(), school.mark("intro")).under(easy)
    record.all(school.evaluate())
    assert record.state.completion is not None
    decision = record.send(undo("c-3"))
    assert refused(decision) == "not_undoable"
    assert refused(record.send(undo("c-2"))) == "later_events"


def test_a1_a2_an_undo_asks_for_role_plan_and_learner_as_every_command_does() -> None:
    record = Record().all(school.enroll(), school.mark("intro"))
    before = list(record.events)
    assert refused(record.send(undo("c-2"), actor_level="instructor")) == "not_permitted"
    assert refused(record.send(undo("c-2"), plan="free")) == "feature_not_available"
    nobody = Record()
    assert refused(nobody.send(undo("c-2"), learner_known=False)) == "unknown_learner"
    assert refused(nobody.send(undo("c-2"))) == "nothing_to_undo"
    assert record.events == before


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
