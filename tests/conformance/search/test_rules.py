"""What the rules promise of a search, case by case; any adapter has to keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contracts.directory import User
from services.views.search.criteria import Criteria, PageRequest
from services.views.search.errors import ForeignCursorError, InvalidCursorError
from tests.support.happened import (
    activities_reset,
    course_completed,
    course_reset,
    earned,
    enrolled,
    marked,
    unenrolled,
    visited,
)
from tests.support.plain_search import World
from tests.support.school import day
from tests.support.spec import BEFORE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.events import Event
    from services.views.search.port import Page
    from tests.conformance.search.conftest import Engine
    from tests.support.happened import Draft

SCHOOL = "riverside"
MAY = {"completed_from": day(0), "completed_to": day(31)}


def happened(learner: str, course: str, *drafts: Draft, **common: Any) -> list[Event]:
    whose = {"school": SCHOOL, "learner": learner, "course": course, "attempt": 1}
    return [each.completed(BEFORE | whose | common) for each in drafts]


def person(user: str, name: str | None = None, **fields: Any) -> User:
    return User(school=SCHOOL, user=user, name=name, **fields)


async def load(engine: Engine, events: Sequence[Event], *users: User) -> None:
    await engine.load(World(SCHOOL, users, {"bio": ["a", "b"]}, events))


async def find(engine: Engine, *, limit: int = 50, after: str | None = None, **asked: Any) -> Page:
    search = engine.search(10_000)
    return await search.find(SCHOOL, Criteria(**asked), PageRequest(limit=limit, after=after))


async def ids(engine: Engine, **asked: Any) -> list[str]:
    return [it.learner for it in (await find(engine, **asked)).found]


@pytest.mark.parametrize(
    "reset", [course_reset(2, reopens=True), activities_reset("a", reopens=True)]
)
async def test_r3_a_reset_takes_no_completion_away(engine: Engine, reset: Draft) -> None:
    """Of the course or of activities; what is asked of now is as it is now."""
    done = [enrolled(on=1), marked("a", on=2), marked("b", on=3), course_completed("manual", on=3)]
    await load(engine, happened("u-1", "bio", *done))
    before = await find(engine, **MAY, manually_completed=True)
    assert await ids(engine, **MAY, status="completed", progress_from=100) == ["u-1"]
    await engine.happened(happened("u-1", "bio", reset, recorded_at=day(9), effective_at=day(9)))
    after = await find(engine, **MAY, manually_completed=True)
    [was], [now] = before.found[0].records, after.found[0].records
    assert now.completions == was.completions
    assert now.enrolments == was.enrolments
    assert await ids(engine, **MAY, status="completed") == []
    assert await ids(engine, **MAY, progress_to=50) == ["u-1"]


async def test_b4_dates_are_of_when_it_was_achieved(engine: Engine) -> None:
    late = happened("u-1", "bio", enrolled(on=1), course_completed("imported", on=2))
    await load(engine, [it.model_copy(update={"recorded_at": day(400)}) for it in late])
    assert await ids(engine, **MAY) == ["u-1"]
    assert await ids(engine, completed_from=day(300)) == []


async def test_criteria_about_records_are_met_by_one_record(engine: Engine) -> None:
    """Completed in one course and at nothing in another is not "completed, at nothing"."""
    await load(
        engine,
        happened("u-1", "bio", enrolled(), course_completed("earned", on=2))
        + happened("u-1", "art", enrolled(on=5)),
    )
    assert await ids(engine, status="completed") == ["u-1"]
    assert await ids(engine, status="not_started") == ["u-1"]
    assert await ids(engine, **MAY, status="not_started") == []
    assert await ids(engine, **MAY, enrolled_from=day(5)) == []
    assert await ids(engine, course="art", enrolled_from=day(5)) == ["u-1"]


async def test_criteria_about_completions_are_met_by_one_completion(engine: Engine) -> None:
    await load(
        engine,
        happened("u-1", "bio", enrolled(), course_completed("manual", on=2), course_reset(2))
        + happened("u-1", "bio", course_completed("earned", on=40), attempt=2),
    )
    assert await ids(engine, **MAY, manually_completed=True) == ["u-1"]
    assert await ids(engine, **MAY, manually_completed=False) == []
    assert await ids(engine, completed_from=day(31), manually_completed=True) == []


async def test_inactive_is_of_all_courses_unless_one_is_named(engine: Engine) -> None:
    """What an administrator does to a learner is not the learner's own."""
    await load(
        engine,
        happened("u-1", "bio", enrolled(), visited("a"), effective_at=day(2))
        + happened("u-1", "art", enrolled(), visited("a"), effective_at=day(20))
        + happened("u-2", "bio", enrolled(), marked("a"), effective_at=day(30)),
        person("nobody-yet"),
    )
    since = day(10).date()
    assert await ids(engine, inactive_since=since) == ["u-2"]
    assert await ids(engine, inactive_since=since, course="bio") == ["u-1", "u-2"]
    assert await ids(engine, inactive_since=day(20).date()) == ["u-2"]
    assert await ids(engine, inactive_since=day(21).date()) == ["u-1", "u-2"]
    assert await ids(engine, inactive_since=since, enrolled_from=day(1)) == ["u-2"]


async def test_a_user_without_a_record_is_found_unless_records_are_asked_for(
    engine: Engine,
) -> None:
    await load(engine, happened("u-1", "bio", enrolled()), person("u-1"), person("u-2", "Ada"))
    assert await ids(engine) == ["u-1", "u-2"]
    assert await ids(engine, text="ada") == ["u-2"]
    assert await ids(engine, text="ada", course="bio") == []
    assert await ids(engine, course="bio") == ["u-1"]


async def test_r6_an_unenrolled_learner_is_found_and_said_to_be_so(engine: Engine) -> None:
    await load(engine, happened("u-1", "bio", enrolled(), unenrolled()))
    [found] = (await find(engine, status="not_started")).found
    assert [it.enrolled for it in found.records] == [False]


async def test_an_erased_person_is_gone_from_a_search_at_once(engine: Engine) -> None:
    """By name, address, tag and role; the record is found by its id, and says nothing of who."""
    user = person("u-1", "Sam Okafor", email="sam@a.example", tags=("vip",), role="Mentor")
    await load(engine, happened("u-1", "bio", enrolled(), earned("a")), user)
    asked: list[dict[str, Any]] = [
        {"text": "okafor"},
        {"text": "sam@a"},
        {"tags": ("vip",)},
        {"role": "Mentor"},
        {"role_level": "user"},
    ]
    assert [await ids(engine, **it) for it in asked] == [["u-1"]] * 5
    await engine.erase(SCHOOL, "u-1")
    assert [await ids(engine, **it) for it in asked] == [[]] * 5
    [found] = (await find(engine, course="bio")).found
    assert found[:6] == ("u-1", None, None, None, None, ())
    assert [it.status for it in found.records] == ["not_completed"]
    assert await ids(engine) == ["u-1"]


async def test_a_text_is_words_whatever_their_capitals_accents_and_signs(engine: Engine) -> None:
    """Nothing that somebody types is SQL, or a pattern."""
    await load(
        engine,
        [],
        person("u-1", "Sam Okafor"),
        person("u-2", "Zoé Müller"),
        person("u-3", "100%", email="a\\b_c@a.example"),
    )
    expected = {
        "OKAFOR sam": ["u-1"],
        "zoe muller": ["u-2"],
        "Zoë": ["u-2"],
        "%": ["u-3"],
        "_": ["u-3"],
        "a\\b": ["u-3"],
        "\uff05": ["u-3"],  # a wide per cent sign
        "' or true --": [],
        ":school": [],
    }
    assert {text: await ids(engine, text=text) for text in expected} == expected


async def test_pages_neither_repeat_nor_skip_while_learners_come_and_go(engine: Engine) -> None:
    """And the count stays that of the first page."""
    everybody = [it for n in range(1, 7) for it in happened(f"u-{n}", "bio", enrolled())]
    await load(engine, everybody, *(person(f"u-{n}") for n in range(1, 7)))
    first = await find(engine, limit=2, course="bio")
    assert [it.learner for it in first.found] == ["u-1", "u-2"]
    await engine.happened(happened("u-11", "bio", enrolled()) + happened("u-51", "bio", enrolled()))
    await engine.erase(SCHOOL, "u-2")
    await engine.erase(SCHOOL, "u-3")
    second = await find(engine, limit=3, after=first.next, course="bio")
    last = await find(engine, limit=3, after=second.next, course="bio")
    assert [it.learner for it in second.found + last.found] == ["u-3", "u-4", "u-5", "u-51", "u-6"]
    assert (first.total, second.total, last.total, last.next) == (*[(6, True)] * 3, None)


async def test_a3_another_schools_learners_are_never_found(engine: Engine) -> None:
    await load(engine, happened("u-1", "bio", enrolled()), person("u-1", "Ada"))
    other = await engine.search(10).find("another", Criteria(), PageRequest())
    assert (other.found, other.total, other.next) == ((), (0, True), None)


async def test_a_cursor_is_good_for_its_own_search_alone(engine: Engine) -> None:
    both = happened("u-1", "bio", enrolled()) + happened("u-2", "bio", enrolled())
    await load(engine, both)
    after = (await find(engine, limit=1, course="bio")).next
    assert (await find(engine, limit=9, course="bio", after=after)).found[0].learner == "u-2"
    for asked in ({}, {"course": "art"}, {"course": "bio", "attempt": 1}):
        with pytest.raises(ForeignCursorError):
            await find(engine, after=after, **asked)
    with pytest.raises(ForeignCursorError):
        await engine.search(10).find("another", Criteria(course="bio"), PageRequest(after=after))
    with pytest.raises(InvalidCursorError):
        await find(engine, course="bio", after="u-1")
