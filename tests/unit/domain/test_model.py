"""The rules against a plain model of them, over histories that Hypothesis makes up.

All rules of the core at once: whatever structures and commands come in whatever order, the real
rules and `tests/support/plain_model.py` say the same. COURSEMARK_EXAMPLES is how many histories
are tried; a failure prints the history that is the shortest to show it.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import event as seen
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contracts.events import (
    ActivityCompleted,
    AssessmentSubmitted,
    CourseCompleted,
    Event,
    ProgressReset,
    Revoked,
)
from contracts.results import Skipped
from services.domain.access import locked
from services.domain.course import Course
from services.domain.decide import decide
from services.domain.decision import Accepted, Context
from services.domain.evolve import fold
from services.domain.state import NOTHING
from services.domain.summary import summarise
from tests.support import histories, plain_answers, plain_undo, school
from tests.support.histories import IDS
from tests.support.plain_answers import Facts
from tests.support.plain_model import Entry, History
from tests.support.spec import replayed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from contracts.catalog import CourseStructure
    from contracts.commands import Command, RecordActivity
    from contracts.results import Code
    from tests.support.plain_undo import Effect, Without


class BothSides(RuleBasedStateMachine):
    """One learner in one course: the events of the real rules, and the model's list."""

    def __init__(self) -> None:
        super().__init__()
        self.now = school.day(5)
        self.log: tuple[Event, ...] = ()
        self.state = NOTHING
        self.history = History()
        self.structures: dict[int, Course] = {}
        self.ids: list[str] = []
        self.taken_back: set[str] = set()
        self.undos: set[str] = set()
        self.asked: frozenset[int] = frozenset()
        self.opened = 1

    @initialize(structure=histories.structures(), done=histories.done_before)
    def begin(self, structure: CourseStructure, done: list[str]) -> None:
        self.course = Course(structure, self.now)
        self.structures[structure.version] = self.course
        self.send(school.enroll(), Facts(), None)
        for id_ in done:
            self.send(school.import_(id_, email=False), Facts(), None)

    @rule(structure=histories.structures())
    def publish(self, structure: CourseStructure) -> None:
        """Not evaluated at once: something else may come first."""
        version = self.course.version + 1
        self.course = Course(structure.model_copy(update={"version": version}), self.now)
        self.structures[version] = self.course

    @rule(id_=histories.one_id, command=histories.anybody(), since=histories.SINCE)
    def edit(self, id_: str, command: Command, since: timedelta | None) -> None:
        """An activity becomes optional or required, and then somebody does something."""
        structure = self.course.structure
        self.publish(histories.edited(structure, lambda it: it.required != (it.activity == id_)))
        self.send(command, Facts(), since)

    @rule(drops=st.booleans(), command=histories.anybody())
    def ask_for_less(self, drops: bool, command: Command) -> None:
        """What is open becomes optional or goes, and then somebody does something."""
        structure = self.course.structure
        if drops:
            self.publish(
                histories.without(structure, lambda it: not self.history.done(it.activity))
            )
        else:
            self.publish(
                histories.edited(structure, lambda it: self.history.done(it.activity) is not None)
            )
        self.send(command, Facts(), None)

    @rule(command=histories.learners())
    def ask_for_more(self, command: RecordActivity) -> None:
        """Everything becomes required, a learner does something, and that is reset."""
        self.publish(histories.edited(self.course.structure, lambda _: True))
        self.send(command, Facts(), None)
        self.send(school.reset(command.activity), Facts(), None)

    @rule(id_=histories.any_id, since=histories.SINCE)
    def visit(self, id_: str, since: timedelta | None) -> None:
        self.send(school.visit(id_), Facts(), since)

    @rule(id_=histories.any_id, score=histories.SCORES, since=histories.SINCE)
    def submit(self, id_: str, score: float | None, since: timedelta | None) -> None:
        self.send(school.submit(id_, score), Facts(), since)

    @rule(id_=histories.any_id, seconds=histories.SECONDS, since=histories.SINCE)
    def spend(self, id_: str, seconds: int, since: timedelta | None) -> None:
        self.send(school.spend(id_, seconds), Facts(), since)

    @rule(id_=histories.any_id, what=st.sampled_from([school.join, school.claim]))
    def join_or_claim(self, id_: str, what: Callable[[str], Command]) -> None:
        self.send(what(id_), Facts(), None)

    @rule(command=histories.administrators(), facts=histories.FACTS, since=histories.SINCE)
    def administer(self, command: Command, facts: Facts, since: timedelta | None) -> None:
        self.send(command, facts, since)

    @rule(ids=histories.some_ids, email=histories.emails)
    def mark_and_mark_again(self, ids: list[str], email: bool) -> None:
        """Marked with the wrong date, say: so a course completes more than once in an attempt."""
        for command in (school.mark(email=email), school.reset(*ids), school.mark(email=email)):
            self.send(command, Facts(), None)

    @rule(facts=histories.FACTS)
    def evaluate(self, facts: Facts) -> None:
        self.send(school.evaluate(), facts, None)

    @precondition(lambda self: len(self.log) % 4 == 3)  # now and then
    @rule(
        meanwhile=histories.anybody(),
        actor=histories.ACTORS,
        facts=histories.FACTS,
    )
    def leave_and_come_back(self, meanwhile: Command, actor: str | None, facts: Facts) -> None:
        self.send(school.unenroll(actor=actor), facts, None)
        self.send(meanwhile, facts, None)
        self.send(school.enroll(actor=actor), facts, None)

    def send(self, command: Command, facts: Facts, since: timedelta | None) -> None:
        """Ask both sides and hold the answers against each other."""
        self.now += timedelta(hours=5)
        if since is not None:
            command = command.model_copy(update={"effective_at": self.now + since})
        entry = Entry(
            command,
            self.now,
            self.course.structure,
            self.course.published_at,
            self.next_id,
        )
        if entry.resets_all:
            entry = entry._replace(opens=self.opened + 1)
        decision = decide(self.state, command, self.context(facts))
        refusal = next(plain_answers.refusals(self.history, entry, facts), None)
        if not isinstance(decision, Accepted):
            assert decision.code == refusal
            return
        assert refusal is None
        after = self.history.then(entry)
        self.same_events(decision, after)
        self.accept(decision)
        self.history = after
        self.opened = max(self.opened, after.attempt())
        if after.emails():
            self.asked |= {after.attempt()}

    @property
    def next_id(self) -> str:
        return f"c-{len(self.ids) + 1}"

    def accept(self, decision: Accepted) -> None:
        self.ids.append(self.next_id)
        self.log += decision.events
        self.state = fold(self.state, decision.events)

    @precondition(lambda self: self.ids)
    @rule(back=histories.BACK, later=st.sampled_from([True, True, False]))
    def take_back(self, back: int, later: bool) -> None:
        """Undo one of the last commands; the model has no such command then (B7)."""
        self.now += timedelta(hours=5)
        id_ = self.ids[-min(back, len(self.ids))]
        decision = decide(self.state, school.undo(id_, include_later=later), self.context(Facts()))
        effects = plain_undo.effects_of(self.history)
        refusal = self.undo_refused(id_, effects, later=later)
        seen(f"undo: {refusal or 'accepted'}")
        if not isinstance(decision, Accepted):
            assert decision.code == refusal
            return
        assert refusal is None
        left = plain_undo.without(self.history, id_, effects, self.asked)
        if self.same_undo(decision, left):
            self.undos.add(self.next_id)
            self.accept(decision)
            kept = {entry.id for entry in left.history.entries}
            self.taken_back |= {entry.id for entry in self.history.entries} - kept
            self.history = left.history

    @rule(
        command=histories.administrators(),
        meanwhile=st.none() | histories.anybody(),
        back=histories.BACK,
        later=st.booleans(),
    )
    def do_and_take_back(
        self, command: Command, meanwhile: Command | None, back: int, later: bool
    ) -> None:
        """With or without something in between; or what came just before it."""
        self.send(command, Facts(), None)
        if meanwhile is not None:
            self.send(meanwhile, Facts(), None)
        self.take_back(min(back, 2), later)

    def undo_refused(self, id_: str, effects: list[Effect], *, later: bool) -> Code | None:
        if id_ in self.undos:
            return "not_undoable"
        if id_ in self.taken_back:
            did = any(event.command_id == id_ for event in self.log)
            return "already_undone" if did else "nothing_to_undo"
        return plain_undo.refusal(self.history, id_, effects, later=later)

    def same_undo(self, decision: Accepted, left: Without) -> bool:
        """False where the list cannot tell: what is left would do something else now.

        A command may have passed over what was complete then; rules may have been others when a
        signal came.
        """
        revoked, *again = decision.events
        assert isinstance(revoked, Revoked)
        names = [(it.type.split(".")[2], it.activity) for it in revoked.undone]
        assert sorted(names, key=str) == sorted(
            ((snake(it.name), it.activity) for it in left.gone), key=str
        )
        did = Counter((type(it).__name__, getattr(it, "activity", None)) for it in again)
        if did != left.again or (did and len(self.structures) > 1):
            seen("undo: the list cannot tell")
            return False
        seen(f"undo: the same, {'earned' if did else 'nothing earned'}")
        return True

    def context(self, facts: Facts) -> Context:
        return Context(
            command_id=self.next_id,
            recorded_at=self.now,
            course=self.course if facts.course_known else None,
            plan=facts.plan,
            actor_level=facts.level,
            learner_known=facts.learner_known,
            history=self.log,
            structures=self.structures,
        )

    def same_events(self, decision: Accepted, after: History) -> None:
        entry = after.entries[-1]
        names = [
            (type(event).__name__, getattr(event, "activity", None)) for event in decision.events
        ]
        assert names == plain_answers.events(self.history, after)
        assert decision.skipped == tuple(
            Skipped(activity=id_, code=code)
            for id_, code in plain_answers.skipped(self.history, entry).items()
        )
        for event in decision.events:
            self.same_fields(event, after)

    def same_fields(self, event: Event, after: History) -> None:
        entry, structure = after.entries[-1], self.course.structure
        assert event.attempt == self.history.attempt()
        assert event.structure_version == structure.version
        assert event.recorded_at == self.now
        match event:
            case ActivityCompleted(activity=id_):
                done = after.done(id_)
                assert done is not None
                assert (event.provenance, event.effective_at) == (done.provenance, done.at)
                assert event.manually_completed == (done.provenance == "manual")
                assert event.activity_type == entry.has[id_].type
                assert event.score == after.score(id_)
            case CourseCompleted():
                course = after.course()
                assert course is not None
                assert (event.provenance, event.effective_at) == (course.provenance, course.at)
                assert event.manually_completed == (course.provenance == "manual")
                assert (event.cause, event.send_completion_email) == (
                    course.cause,
                    course.email,
                )
                assert event.average_score == after.average(structure)
            case ProgressReset():
                reopened = self.history.course() is not None and after.course() is None
                assert event.reopens_course == reopened
            case AssessmentSubmitted(activity=id_, score=score, passed=passed):
                mark = entry.has[id_].rules.passed
                reached = mark is not None and score is not None and score >= mark
                assert passed == (None if mark is None else reached)
            case _:
                assert event.effective_at == entry.at

    @invariant()
    def same_activities(self) -> None:
        for id_ in IDS:
            here, done = self.state.of(id_), self.history.done(id_)
            assert here.completion == (None if done is None else done[:2])
            assert here.score == self.history.score(id_)
            assert here.time_spent == self.history.seconds(id_)
            assert (id_ in self.state.activities) == self.history.touched(id_)

    @invariant()
    def same_course(self) -> None:
        course = self.history.course()
        assert self.state.completion == (None if course is None else course[:2])
        assert self.state.enrolled == self.history.enrolled()
        assert self.state.enrolled_at == self.history.first_enrolled()
        assert self.state.attempt == self.history.attempt()
        assert self.state.emailed == (self.history.emails() == 1)

    @invariant()
    def same_figures(self) -> None:
        structure = self.course.structure
        required = [a.activity for a in structure.activities() if a.required]
        complete = [id_ for id_ in required if self.history.done(id_)]
        touched = any(self.history.touched(id_) for id_ in IDS)
        opened = "not_completed" if touched else "not_started"
        assert summarise(self.state, self.course) == (
            "completed" if self.history.course() else opened,
            round(100 * len(complete) / len(required), 2),
            len(complete),
            len(required),
            self.history.average(structure),
            sum(map(self.history.seconds, IDS)),
        )

    @invariant()
    def same_locks(self) -> None:
        structure = self.course.structure
        for at in self.moments():
            assert locked(self.course, self.state, at) == [
                each.activity
                for each in structure.activities()
                if self.history.locked(structure, each.activity, at)
            ]

    def moments(self) -> Iterator[datetime]:
        """Now, and just when sections open and just before."""
        yield self.now
        enrolled = self.history.first_enrolled() or self.now
        for section in self.course.structure.sections:
            for opens in (section.opens_at, enrolled + timedelta(section.opens_after_days or 0)):
                if opens is not None:
                    yield from (opens, opens - timedelta(seconds=1))

    @invariant()
    def within_bounds(self) -> None:
        """Whatever happens: a rate is a percentage, one e-mail an attempt, one completion."""
        assert 0 <= summarise(self.state, self.course).progress_rate <= 100
        complete, emails = False, Counter[int]()
        for event in self.log:
            match event:
                case ProgressReset():
                    complete = complete and not event.reopens_course
                case Revoked():
                    complete = event.completion is not None
                case CourseCompleted():
                    assert not complete
                    complete = True
                    emails[event.attempt] += event.send_completion_email
                    assert emails[event.attempt] <= 1
                case _:
                    pass

    def teardown(self) -> None:
        assert replayed(self.log) == self.state


def snake(name: str) -> str:
    return "".join(f"_{it.lower()}" if it.isupper() else it for it in name).lstrip("_")


TestBothSides = pytest.mark.timeout(900)(BothSides.TestCase)  # a failure takes time to shorten
TestBothSides.settings = settings(
    max_examples=int(os.environ.get("COURSEMARK_EXAMPLES", "100")),
    stateful_step_count=30,
    deadline=None,
    print_blob=True,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow],
)
