"""A record of a compacted topic is one of its types under its own key, or is told why not (B2)."""

from __future__ import annotations

from contracts import registry, topics
from contracts.directory import School, User
from contracts.fields import MAX_COURSE_ACTIVITIES
from services.runtime.bus.intake import check_key, receive
from services.runtime.bus.letters import Problem
from services.runtime.topology import TOPICS
from tests.support.records import received
from tests.support.school import activity, course
from tests.support.stack import reference

SCHOOL = School(school="riverside", plan="starter")
DIRECTORY = registry.DIRECTORY, topics.DIRECTORY
CATALOG = registry.CATALOG, topics.CATALOG
RECORD = received(reference(SCHOOL))


def code(got: object) -> str:
    assert isinstance(got, Problem), got
    assert got.message.endswith("."), got
    return got.code


def test_each_type_of_the_topic_is_read() -> None:
    for entry in (SCHOOL, User(school="riverside", user="ada")):
        assert receive(received(reference(entry)), *DIRECTORY) == entry
    structure = course(activity("a")).structure
    assert receive(received(reference(structure)), *CATALOG) == structure


def test_what_is_none_is_told_by_its_code() -> None:
    said = {
        "unknown_type": receive(RECORD, *CATALOG),
        "invalid_message": receive(
            RECORD._replace(value=b"{}"), registry.DIRECTORY, topics.DIRECTORY
        ),
        "not_json": receive(RECORD._replace(value=b"{"), *DIRECTORY),
        "wrong_shape": receive(RECORD._replace(value=b"[]"), *DIRECTORY),
        "missing_header": receive(
            RECORD._replace(headers=()), registry.DIRECTORY, topics.DIRECTORY
        ),
        "no_body": receive(RECORD._replace(value=None), *DIRECTORY),
    }
    assert {expected: code(got) for expected, got in said.items()} == {it: it for it in said}


def test_what_is_larger_than_its_topic_s_limit_is_not_read() -> None:
    """An event holds the whole structure, with every default, and has to fit on its topic."""
    largest = TOPICS[topics.DIRECTORY].max_message_bytes
    just = RECORD._replace(value=(RECORD.value or b"").ljust(largest))
    assert receive(just, *DIRECTORY) == SCHOOL
    over = RECORD._replace(value=(RECORD.value or b"").ljust(largest + 1))
    assert code(receive(over, *DIRECTORY)) == "too_large"
    defaults = 300 * MAX_COURSE_ACTIVITIES
    structure = TOPICS[topics.CATALOG].max_message_bytes
    assert TOPICS[topics.EVENTS].max_message_bytes > structure + defaults


def test_compaction_keeps_the_last_of_a_key_so_the_key_is_its_own() -> None:
    assert check_key(RECORD, "riverside") is None
    for key in (None, b"", b"lakeside", b"riverside/"):
        assert code(check_key(RECORD._replace(key=key), "riverside")) == "wrong_key"
