"""Every event goes out under a stable id, in its learner's order, as the log has it (B11)."""

from __future__ import annotations

from contracts import topics
from contracts.envelope import header, read
from contracts.events import CourseStructurePublished
from contracts.topics import course_stream
from services.publisher.events import EventsFeed, message
from services.store.mapper import LoggedEvent, encode
from services.store.records import FollowedEvent, Position
from tests.support.appended import MINE
from tests.support.happened import earned, enrolled
from tests.support.school import COURSE, SCHOOL, activity, course, day
from tests.support.spec import BEFORE

FIELDS = BEFORE | MINE._asdict() | {"attempt": 1}


def followed(event: LoggedEvent, version: int, stream: str = str(MINE)) -> FollowedEvent:
    return FollowedEvent(Position(7, version), *encode(stream, version, event))


def test_a_learner_s_event_is_a_cloud_event_that_names_its_place() -> None:
    event = followed(earned("quiz", "exam", 80).completed(FIELDS), 12)
    sent = message(event)
    assert (sent.topic, sent.key, sent.value) == (topics.EVENTS, b"riverside/u-1204", event.state)
    found = read(sent.value, sent.headers)
    assert found._replace(data=b"") == (
        "riverside/u-1204/biology-1@12",
        "coursemark.progress.activity_completed.v1",
        "/coursemark/log",
        b"",
        "riverside/u-1204/biology-1",
        "2024-05-02T00:00:00Z",
        {"sequence": "00000000000000000012", "partitionkey": "riverside/u-1204"},
    )


def test_it_is_the_same_however_often_it_goes_out() -> None:
    """The position may change, when a log is restored; the message does not."""
    event = followed(enrolled().completed(FIELDS), 1)
    assert message(event) == message(event._replace(position=Position(9, 99)))


def test_what_ties_messages_of_one_cause_goes_along() -> None:
    sent = message(followed(enrolled().completed(FIELDS | {"correlation_id": "job-1"}), 1))
    assert header(sent.headers, "ce_correlationid") == b"job-1"


def test_b9_a_structure_goes_out_under_its_school_s_courses() -> None:
    structure = course(activity("a")).structure
    event = CourseStructurePublished(
        school=SCHOOL, course=COURSE, structure_version=1, structure=structure, recorded_at=day(0)
    )
    sent = message(followed(event, 1, course_stream(SCHOOL, COURSE)))
    assert sent.key == b"riverside/~courses"
    assert header(sent.headers, "ce_id") == b"riverside/~courses/biology-1@1"


async def test_the_feed_sends_every_type_in_order_to_the_head_of_the_log() -> None:
    feed = EventsFeed()
    events = [followed(enrolled().completed(FIELDS), version) for version in (1, 2, 3)]
    assert [page async for page in feed.pages(events)] == [[message(event) for event in events]]
    assert (feed.topics, await feed.until()) == (None, None)
