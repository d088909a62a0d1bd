"""Schools, learners and criteria for searches, drawn by Hypothesis.

Few ids, days, words and tags, so that criteria meet something; course c has no structure.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from contracts.directory import User
from contracts.topics import Stream
from services.views.search.criteria import Criteria
from tests.support import happened
from tests.support.plain_search import World
from tests.support.school import day
from tests.support.spec import BEFORE

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from contracts.events import Event
    from tests.support.happened import Draft

LEARNERS = ("u-1", "u-10", "u-2", "U-3", "é-4")
COURSES = ("a", "b", "c")
ACTIVITIES = ("x", "y", "z")
NAMES = ("Ada Byron", "Zoë Müller", "José  O'Neil", "100%_ok", "Λίνα", "ada", "Li")
EMAILS = ("ada@a.example", "ZOE@b.example", "li_li@a.example", "back\\slash@b.example")
WORDS = ("ada", "ADA", "Zoe", "zoë", "%", "_", "\\", "li", "λινα", "a.ex", "jose neil", "nobody")
TAGS = ("vip", "2024", "naïve")
ROLES = ("Mentor", "Staff", "mentor")
LEVELS = ("user", "instructor", "admin")
STATUSES = ("not_started", "not_completed", "completed")
RATES = (0.0, 33.33, 50.0, 66.67, 100.0)

days = st.integers(0, 6)
ids = st.sampled_from(ACTIVITIES)
provenances = st.sampled_from(["earned", "manual", "imported"])


def _drafts() -> SearchStrategy[Draft]:
    """What may happen; completions and resets most often, for they are what R3 is about."""
    completed = st.builds(happened.course_completed, provenances, on=days)
    whole = st.just(happened.course_reset(1, reopens=True))
    some = st.builds(happened.activities_reset, ids, reopens=st.booleans())
    return st.one_of(
        *[completed, whole, some, st.builds(happened.enrolled, days)] * 2,
        st.just(happened.unenrolled()),
        st.builds(happened.visited, ids),
        st.builds(happened.spent, ids, st.integers(1, 9)),
        st.builds(happened.submitted, ids, st.none()),
        st.builds(happened.earned, ids, on=days),
        st.builds(happened.marked, ids, on=days),
    )


_steps = st.tuples(
    st.sampled_from(LEARNERS), st.sampled_from(COURSES), _drafts(), days, st.sampled_from([1, 0, 0])
)


@st.composite
def worlds(draw: DrawFn, school: str) -> World:
    """A school; each of its learners may be in the directory or not."""
    users = st.builds(
        User,
        school=st.just(school),
        user=st.sampled_from((*LEARNERS, "nobody-yet")),
        role_level=st.sampled_from(LEVELS),
        role=st.none() | st.sampled_from(ROLES[:2]),
        name=st.none() | st.sampled_from(NAMES),
        email=st.none() | st.sampled_from(EMAILS),
        tags=st.lists(st.sampled_from(TAGS), unique=True).map(tuple),
    )
    required = st.lists(ids, min_size=1, unique=True)
    return World(
        school,
        draw(st.lists(users, max_size=6, unique_by=lambda it: it.user)),
        {name: draw(required) for name in COURSES[:2]},
        _events(school, draw(st.lists(_steps, max_size=24))),
    )


def _events(school: str, steps: list[tuple[str, str, Draft, int, int]]) -> list[Event]:
    events: list[Event] = []
    attempts: dict[Stream, int] = {}
    for learner, course, draft, on, own in steps:
        stream = Stream(school, learner, course)
        attempt = attempts.setdefault(stream, 1)
        actor = learner if own else None
        common: dict[str, Any] = {"attempt": attempt, "effective_at": day(on), "actor": actor}
        event = draft.completed(BEFORE | stream._asdict() | common)
        if "opens_attempt" in draft.fields:
            attempts[stream] = attempt + 1
            event = event.model_copy(update={"opens_attempt": attempt + 1})
        events.append(event)
    return events


def single() -> list[Criteria]:
    """Each criterion alone, at every value that something may lie on the edge of."""
    on = [day(number) for number in range(7)]
    dates = [
        {name: at}
        for name in ("completed_from", "completed_to", "enrolled_from", "enrolled_to")
        for at in on
    ]
    rates = [{name: rate} for name in ("progress_from", "progress_to") for rate in RATES]
    inactive = [{"inactive_since": at.date()} for at in on]
    others: list[dict[str, Any]] = [
        {},
        *({"manually_completed": it} for it in (True, False)),
        *({"status": it} for it in STATUSES),
        *({"attempt": it} for it in (1, 2, 3)),
        *({"tags": it} for it in (TAGS[:1], TAGS[:2])),
        *({"role_level": it} for it in LEVELS),
        *({"role": it} for it in ROLES),
        *({"text": it} for it in WORDS),
    ]
    within = [it | {"course": name} for it in inactive + others[:6] for name in COURSES]
    return [Criteria(**it) for it in dates + rates + inactive + others + within]


@st.composite
def criteria(draw: DrawFn) -> Criteria:
    """One to four criteria of any kind, or none."""
    kinds = {
        "course": st.sampled_from((*COURSES, "unknown")).map(lambda it: {"course": it}),
        "completed": _range("completed", days.map(day), timedelta(hours=12)),
        "manually": st.booleans().map(lambda it: {"manually_completed": it}),
        "enrolled": _range("enrolled", days.map(day), timedelta(hours=12)),
        "status": st.sampled_from(STATUSES).map(lambda it: {"status": it}),
        "progress": _range("progress", st.sampled_from(RATES), 0.0),
        "attempt": st.integers(1, 3).map(lambda it: {"attempt": it}),
        "inactive": days.map(lambda it: {"inactive_since": day(it).date()}),
        "tags": st.lists(st.sampled_from(TAGS), min_size=1, max_size=2, unique=True).map(
            lambda it: {"tags": tuple(it)}
        ),
        "level": st.sampled_from(LEVELS).map(lambda it: {"role_level": it}),
        "role": st.sampled_from(ROLES).map(lambda it: {"role": it}),
        "text": st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(
            lambda it: {"text": " ".join(it)}
        ),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(kinds)), max_size=4, unique=True))
    fields: dict[str, Any] = {}
    for kind in chosen:
        fields |= draw(kinds[kind])
    return Criteria(**fields)


@st.composite
def _range(draw: DrawFn, name: str, ends: SearchStrategy[Any], more: Any) -> dict[str, Any]:
    """From, to, or both, in order."""
    first, second = sorted([draw(ends), draw(ends)])
    both = {f"{name}_from": first, f"{name}_to": second + more}
    left_out = draw(st.sampled_from([None, None, "from", "to"]))
    return {key: value for key, value in both.items() if key != f"{name}_{left_out}"}
