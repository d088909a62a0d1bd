"""Topics, keys, streams and event ids are declared once, and are read back the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import topics
from contracts.fields import ID_PATTERN

IDS = st.from_regex(ID_PATTERN, fullmatch=True, alphabet=st.characters(codec="utf-8"))


def test_every_consumed_topic_has_a_dead_letter_topic_of_its_own() -> None:
    assert [topics.dead(topic) for topic in topics.CONSUMED] == [
        "coursemark.commands.dead.v1",
        "coursemark.catalog.dead.v1",
        "coursemark.directory.dead.v1",
        "coursemark.webhooks.dead.v1",
        "coursemark.zapier.dead.v1",
        "coursemark.notifications.dead.v1",
    ]


def test_topics_that_hold_a_latest_state_are_compacted_and_logs_are_not() -> None:
    latest = {topics.PROGRESS, topics.CATALOG, topics.DIRECTORY, topics.OPERATIONS}
    assert latest == topics.COMPACTED
    assert not topics.COMPACTED & {topics.COMMANDS, topics.RESULTS, topics.EVENTS}


@given(IDS, IDS, IDS)
def test_a_stream_is_one_learner_in_one_course(school: str, learner: str, course: str) -> None:
    stream = topics.Stream(school, learner, course)
    assert topics.Stream.parse(str(stream)) == stream
    assert str(stream).startswith(topics.learner_key(school, learner) + "/")
    assert not stream.is_course


@given(IDS, IDS)
def test_b9_no_learner_can_have_the_stream_of_a_course(school: str, course: str) -> None:
    stream = topics.Stream.parse(topics.course_stream(school, course))
    assert stream == (school, topics.COURSES, course)
    assert stream.is_course


@given(st.sets(st.tuples(IDS, IDS, IDS, st.integers(1)), min_size=2))
def test_b11_event_ids_are_stable_and_differ(places: set[tuple[str, str, str, int]]) -> None:
    ids = {topics.event_id(f"{school}/{who}/{what}", n) for school, who, what, n in places}
    assert len(ids) == len(places)


@pytest.mark.parametrize("name", ["", "a/b", "a/b/c/d"])
def test_a_name_that_has_not_three_parts_is_no_stream(name: str) -> None:
    with pytest.raises(ValueError, match="values to unpack"):
        topics.Stream.parse(name)
