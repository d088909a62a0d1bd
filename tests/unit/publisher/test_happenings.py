"""What each event means to webhooks and to Zapier, and what is told of a mark (M11, B11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.events import ActivityCompleted, ActivityVisited
from contracts.webhooks import TYPES, Webhook, Zap
from services.domain.decide import decide
from services.domain.decision import Accepted
from services.domain.evolve import evolve
from services.domain.happenings import Happening, happenings
from services.domain.state import NOTHING
from services.publisher.fanout.forms import webhook, zap
from services.publisher.fanout.titles import UNTITLED, Titles
from services.store.mapper import decode
from tests.support import happened
from tests.support.event_examples import EXAMPLES_OF
from tests.support.programs import PROGRAM, awarded, published
from tests.support.programs import program as programme
from tests.support.recertifying import announced
from tests.support.school import activity, course, day, enroll, mark, visit, within
from tests.support.spec import BEFORE

if TYPE_CHECKING:
    from contracts.commands import Command
    from contracts.events import Event
    from services.domain.course import Course
    from services.store.mapper import LoggedEvent
    from tests.support.happened import Draft

ID = "riverside/u-1204/biology-1@7"
NAMED = Titles("Biology", {"quiz": "A quiz"})
COMMON: dict[str, Any] = {"batch_id": "job-1", "attempt": 2}
WHERE = {"school_id": "riverside", "user_id": "u-1204", "attempt": 2, "batch_id": "job-1"}
BIOLOGY = {"course_id": "biology-1", "course_title": "Biology"}
EARNED = {
    "manually_completed": False,
    "provenance": "earned",
    "completed_at": "2024-05-01T00:00:00Z",
}
QUIZ = {"activity_id": "quiz", "activity_title": "A quiz", "activity_type": "exam", "score": 80.0}


def event(of: Draft, **fields: Any) -> Event:
    return of.completed(BEFORE | COMMON | fields)


def told(happening: LoggedEvent, titles: Titles = NAMED) -> list[dict[str, Any]]:
    """The Zaps without what is the same in all of them."""
    zaps = [
        zap(it, titles).model_dump(mode="json", exclude_none=True)
        for it in happenings(happening, ID)
    ]
    for it in zaps:
        assert it.pop("id").startswith("msg_")
        assert (it.pop("event_id"), it.pop("occurred_at")) == (ID, "2024-05-02T00:00:00Z")
    return zaps


def triggers(happening: LoggedEvent) -> list[str]:
    return [it.trigger for it in happenings(happening, ID)]


@pytest.mark.parametrize(
    ("of", "trigger", "more"),
    [
        (happened.enrolled(), "enrolled", {}),
        (happened.unenrolled(), "unenrolled_from_product", {}),
        (happened.activities_reset("quiz"), "progress_reset", {}),
        (happened.course_reset(3), "progress_reset", {}),
        (happened.earned("quiz", "exam", 80, on=0), "activity_completed", EARNED | QUIZ),
        (
            happened.course_completed("earned", average=75, on=0),
            "course_completed",
            EARNED | {"score": 75.0},
        ),
    ],
)
def test_b11_what_happened_in_a_course_is_told_once(
    of: Draft, trigger: str, more: dict[str, Any]
) -> None:
    assert told(event(of)) == [{"trigger": trigger, **WHERE, **BIOLOGY, **more}]


def test_b11_a_certificate_is_told_of_beside_its_activity() -> None:
    first, second = told(event(happened.earned("quiz", "certificate", on=0)))
    assert (first.pop("trigger"), second.pop("trigger")) == (
        "activity_completed",
        "certificate_awarded",
    )
    assert first == second


@pytest.mark.parametrize(
    "of",
    [
        happened.visited("a"),
        happened.spent("a", 60),
        happened.submitted("a"),
        happened.joined("a"),
        happened.claimed("a"),
    ],
)
def test_what_nobody_asks_for_is_not_told(of: Draft) -> None:
    assert triggers(event(of)) == []


def test_structures_are_not_told() -> None:
    assert triggers(published(programme("biology-1"))) == []


def test_b12_a_programme_is_told_with_its_title() -> None:
    assert told(awarded(batch_id="job-1", effective_at=day(0)), Titles("Green")) == [
        {
            "trigger": "learning_program_completed",
            **{name: value for name, value in WHERE.items() if name != "attempt"},
            "program_id": PROGRAM,
            "program_title": "Green",
            **EARNED,
        }
    ]


def test_b12_whose_completion_falls_due_is_told_of_with_the_date() -> None:
    """In ISO 8601 to Zapier, in Unix seconds to a webhook; nobody completed anything."""
    it = announced()
    where = {name: value for name, value in WHERE.items() if name != "batch_id"}
    due = {"trigger": "recertification_due", "due_at": "2024-06-01T00:00:00Z"}
    assert told(it) == [{**where, **BIOLOGY, **due}]
    (happening,) = happenings(it, ID)
    body = webhook(happening, NAMED).model_dump(mode="json", exclude_none=True)
    assert (body["type"], body["trigger"]) == ("recertificationDue", "recertification_due")
    assert body["data"] == {
        "user": {"id": "u-1204"},
        "course": {"id": "biology-1", "title": "Biology"},
        "due_at": day(31).timestamp(),
    }


def test_a_webhook_has_the_shape_that_learnworlds_users_know() -> None:
    """contracts.md, Webhooks; the time in Unix seconds; no name, no e-mail address."""
    (it,) = happenings(event(happened.marked("quiz", "exam", 100, on=0)), ID)
    body = webhook(it, NAMED).model_dump(mode="json", exclude_none=True)
    assert body == {
        "version": 2,
        "type": "activityCompleted",
        "trigger": "activity_completed",
        "school_id": "riverside",
        "id": it.id,
        "event_id": ID,
        "occurred_at": "2024-05-02T00:00:00Z",
        "attempt": 2,
        "batch_id": "job-1",
        "data": {
            "user": {"id": "u-1204"},
            "course": {"id": "biology-1", "title": "Biology"},
            "activity": {"id": "quiz", "title": "A quiz", "type": "exam", "score": 100.0},
            "manually_completed": True,
            "provenance": "manual",
            "completed_at": day(0).timestamp(),
        },
    }


def test_r1_a_webhook_says_which_activities_were_reset() -> None:
    (some,) = happenings(event(happened.activities_reset("a", "b")), ID)
    (all_,) = happenings(event(happened.course_reset(2)), ID)
    assert webhook(some, NAMED).data.activities == ("a", "b")
    assert webhook(all_, NAMED).data.activities is None


def undone(*, complete: bool) -> Event:
    """A reset of the second attempt, with a visit and a completion that stood on it."""
    second = {"attempt": 2, "activity": "quiz"}
    also = ((5, ActivityVisited, second), (6, ActivityCompleted, second))
    return event(happened.reset_revoked(4, *also, complete=complete, completions=1))


def test_b7_an_undo_names_the_messages_that_count_no_more_and_how_the_course_stands() -> None:
    """Only what was told can have been counted."""
    ids = ("riverside/u-1204/biology-1@4", "riverside/u-1204/biology-1@6")
    (again,) = happenings(undone(complete=True), ID)
    (open_,) = happenings(undone(complete=False), ID)
    assert webhook(again, NAMED).data.undone_event_ids == zap(again, NAMED).undone_event_ids == ids
    stands = {"completed_at": day(1).timestamp(), "provenance": "earned"}
    body = webhook(again, NAMED).model_dump(mode="json", exclude_none=True)
    assert stands.items() <= body["data"].items()
    assert stands.keys().isdisjoint(webhook(open_, NAMED).data.model_dump(exclude_none=True))


def test_titles_that_nobody_knows_are_left_out() -> None:
    """No structure was published, or its latest version has the activity no more."""
    for titles in (UNTITLED, Titles("Biology", {})):
        (it,) = told(event(happened.earned("gone")), titles)
        assert "activity_title" not in it
        assert ("course_title" in it) == (titles is not UNTITLED)


def test_b11_ids_follow_from_event_and_trigger_and_fit_a_header() -> None:
    certificate = event(happened.earned("it", "certificate"))
    ids = [it.id for it in happenings(certificate, ID)]
    assert ids == [it.id for it in happenings(certificate, ID)]
    other = [it.id for it in happenings(certificate, "zürich/ö/ü@7")]
    assert len({*ids, *other}) == 4
    assert all(it.isascii() and it.startswith("msg_") and len(it) == 36 for it in [*ids, *other])


def test_every_trigger_but_the_test_is_told_by_some_event() -> None:
    drafts = [happened.enrolled(), happened.unenrolled(), happened.course_reset(2)]
    drafts += [happened.earned("it", "certificate"), happened.course_completed("earned")]
    found = {trigger for it in drafts for trigger in triggers(event(it))} | set(triggers(awarded()))
    for name in ("completion_revoked", "recertification_announced"):
        declared = f"coursemark.progress.{name}.v1"
        found |= set(triggers(decode(declared, EXAMPLES_OF[declared][0])))
    assert found == TYPES.keys() - {"test"}


# --- M11: a mark fires what an earned completion fires

SCORES = st.none() | st.floats(0, 100)
MANUAL = {"manually_completed": True, "provenance": "manual"}
COMPLETED = st.one_of(
    st.builds(
        happened.earned,
        st.sampled_from(["quiz", "gone"]),
        st.sampled_from(["video", "exam", "certificate", "their own"]),
        SCORES,
    ),
    st.builds(lambda average: happened.course_completed("earned", average=average), SCORES),
)


def plain(body: Webhook | Zap) -> dict[str, Any]:
    """The message without the two fields that may differ."""
    fields = body.model_dump()
    for holder in (fields, fields.get("data", {})):
        holder.pop("manually_completed", None)
        holder.pop("provenance", None)
    return fields


@given(COMPLETED)
def test_m11_a_mark_differs_from_an_earned_completion_in_flag_and_provenance_alone(
    of: Draft,
) -> None:
    earned, manual = event(of), event(with_fields(of, MANUAL))
    for form in (webhook, zap):
        by_learner = [form(it, NAMED) for it in happenings(earned, ID)]
        by_administrator = [form(it, NAMED) for it in happenings(manual, ID)]
        assert by_learner
        assert list(map(plain, by_learner)) == list(map(plain, by_administrator))
        for one, other in zip(by_learner, by_administrator, strict=True):
            assert [_flag(one), _flag(other)] == [(False, "earned"), (True, "manual")]


def with_fields(of: Draft, fields: dict[str, Any]) -> Draft:
    return of._replace(fields=of.fields | fields)


def _flag(body: Webhook | Zap) -> tuple[bool | None, str | None]:
    of = body.data if isinstance(body, Webhook) else body
    return of.manually_completed, of.provenance


@given(st.lists(st.sampled_from(["video", "exam", "certificate"]), min_size=1, max_size=4))
def test_m11_marking_one_by_one_fires_what_earning_one_by_one_fires(types: list[str]) -> None:
    """Through the rules themselves, to the course's own completion; M7 grades what is marked."""
    ids = [f"a{place}" for place in range(len(types))]
    known = course(*(activity(id_, type_) for id_, type_ in zip(ids, types, strict=True)))
    by_learner = fired(known, [visit(id_) for id_ in ids])
    by_administrator = fired(known, [mark(id_) for id_ in ids])
    assert [it._replace(**THE_SAME) for it in by_learner] == [
        it._replace(**THE_SAME) for it in by_administrator
    ]
    assert by_learner[-1].trigger == "course_completed"
    assert all(it.manually_completed for it in by_administrator)
    assert not any(it.manually_completed for it in by_learner)


THE_SAME: dict[str, Any] = {
    "manually_completed": None,
    "provenance": None,
    "score": None,
    "average_score": None,
    "event_id": "",
    "id": "",
}
"""What may differ: a visit stands before the completion that it leads to."""


def fired(known: Course, commands: list[Command]) -> list[Happening]:
    state, found = NOTHING, []
    for command in [enroll(), *commands]:
        decision = decide(state, command, within(known))
        assert isinstance(decision, Accepted)
        for place, it in enumerate(decision.events):
            state = evolve(state, it)
            found += happenings(it, f"riverside/u-1204/biology-1@{place}")
    return [it for it in found if it.trigger != "enrolled"]
