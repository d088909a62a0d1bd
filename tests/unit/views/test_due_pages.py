"""Pages of due dates: all of them, each once, the soonest first (B12)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.due import Agenda, agendas, earliest
from services.views.due.asking import DueRequest, due_request, read, write
from services.views.due.paging import Due, Gathering, Place, Window
from services.views.search.errors import (
    ForeignCursorError,
    InvalidCriteriaError,
    InvalidCursorError,
)
from tests.support.recertifying import recertification
from tests.support.school import day

if TYPE_CHECKING:
    from services.domain.schedules import Schedule

COURSES = ["algae", "moss"]
INSTANTS = st.integers(0, 900).map(lambda n: datetime(2024, 1, 1, tzinfo=UTC) + n * STEP)
STEP = timedelta(hours=31)
Completions = dict[tuple[str, str], datetime]
COMPLETIONS: st.SearchStrategy[Completions] = st.dictionaries(
    st.tuples(st.sampled_from(COURSES), st.sampled_from([f"u-{n}" for n in range(30)])),
    INSTANTS,
    max_size=40,
)
SCHEDULES = st.lists(
    st.builds(
        lambda course, rule, months: recertification(course=course, rule=rule, months=months),
        st.sampled_from(COURSES),
        st.sampled_from(["FREQ=DAILY", "FREQ=MONTHLY;BYMONTHDAY=28", "FREQ=YEARLY", None]),
        st.integers(1, 14),
    ),
    max_size=3,
)


def numbered(schedules: list[Schedule]) -> dict[str, list[Agenda]]:
    """By course, under ids that differ."""
    found: dict[str, list[Agenda]] = {}
    for n, it in enumerate(schedules):
        for agenda in agendas([it.model_copy(update={"schedule": f"s-{n}"})]):
            found.setdefault(agenda.task.course, []).append(agenda)
    return found


def due(by_course: dict[str, list[Agenda]], completions: Completions) -> list[Due]:
    """Every due date there is, in order."""
    found = []
    for (course, learner), at in completions.items():
        it = earliest(by_course.get(course, []), at)
        if it is not None:
            found.append(Due(it.at, course, at, learner, 1, it.schedule))
    return sorted(found)


def page(
    by_course: dict[str, list[Agenda]], completions: Completions, window: Window, size: int
) -> list[Due]:
    """What is found where completions are read as the database gives them."""
    gathering = Gathering(window, size)
    for course, known in by_course.items():
        span = gathering.span(course, known)
        if span is None:
            continue
        rows = [(at, learner) for (of, learner), at in completions.items() if of == course]
        of_course = gathering.course(course, known)
        for at, learner in sorted(it for it in rows if span.first <= it[0] <= span.last):
            if not of_course.take(at, learner, 1):
                break
    return gathering.found


@given(
    schedules=SCHEDULES,
    completions=COMPLETIONS,
    size=st.integers(1, 7),
    since=INSTANTS,
    length=st.integers(1, 900),
)
def test_b12_pages_have_each_due_date_once_the_soonest_first(
    schedules: list[Schedule], completions: Completions, size: int, since: datetime, length: int
) -> None:
    by_course = numbered(schedules)
    before = since + length * STEP
    window = Window(since, before)
    found: list[Due] = []
    while some := page(by_course, completions, window, size):
        found += some
        window = window._replace(after=some[-1].place)
    assert found == [it for it in due(by_course, completions) if since <= it.at < before]


def test_b12_at_the_end_of_a_month_who_completed_later_may_be_due_earlier() -> None:
    """28 and 29 January in the evening are old enough on 28 February in the evening, 31 January
    in the morning on 28 February in the morning: a page must not stop before it.
    """
    by_course = numbered([recertification(course="moss", months=1)])
    hours = {"u-1": (28, 18), "u-2": (29, 17), "u-3": (31, 9)}
    completions = {
        ("moss", id_): datetime(2025, 1, of, hour, tzinfo=UTC) for id_, (of, hour) in hours.items()
    }
    window = Window(day(0), day(3_000))
    found = []
    while some := page(by_course, completions, window, 1):
        found += some
        window = window._replace(after=some[-1].place)
    assert [it.learner for it in found] == ["u-3", "u-1", "u-2"]


def test_b12_a_page_reads_a_few_days_more_than_it_shows() -> None:
    """Not all that will ever be due."""
    by_course = numbered([recertification(course="moss")])
    gathering = Gathering(Window(day(0), day(3_000)), 3)
    of_course = gathering.course("moss", by_course["moss"])
    taken = [of_course.take(day(n), f"u-{n}", 1) for n in range(20)]
    assert [it.learner for it in gathering.found] == ["u-0", "u-1", "u-2"]
    assert taken.index(False) < 9


# --- what is asked for

PLACE = Place(day(9), "moss", day(3), "u-1")
ASKED = DueRequest(before=day(30))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"before": day(30), "limit": 0}, "limit"),
        ({"before": day(30), "limit": 1_001}, "limit"),
        ({"before": day(30), "course": "no course"}, "course"),
        ({"before": day(30), "since": day(30)}, "before is not after since"),
        ({"before": datetime(2024, 5, 1)}, "before"),  # noqa: DTZ001 - it must be refused
    ],
)
def test_b12_what_cannot_be_asked_for_is_refused_with_its_field(
    wrong: dict[str, object], told: str
) -> None:
    with pytest.raises(InvalidCriteriaError, match=told):
        due_request(**wrong)  # type: ignore[arg-type]


def test_a_cursor_leads_on_behind_its_place() -> None:
    text = write(PLACE, "riverside", ASKED)
    assert read("riverside", ASKED) is None
    again = due_request(day(30), limit=9, after=text)
    assert read("riverside", again) == PLACE


@pytest.mark.parametrize(
    ("school", "asked"),
    [
        ("hill", ASKED),
        ("riverside", DueRequest(before=day(31))),
        ("riverside", DueRequest(before=day(30), since=day(1))),
        ("riverside", DueRequest(before=day(30), course="moss")),
    ],
)
def test_a3_a_cursor_of_something_else_is_refused(school: str, asked: DueRequest) -> None:
    text = write(PLACE, "riverside", ASKED)
    with pytest.raises(ForeignCursorError):
        read(school, asked.model_copy(update={"after": text}))


@pytest.mark.parametrize("text", ["", "x", "%%%", "e30", "ö", "bm8=="])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursorError):
        read("riverside", due_request(day(30), after=text))
