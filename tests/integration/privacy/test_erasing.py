"""A person erased: ids without a person are left, and nothing brings the person back (GDPR, A3)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from contracts import topics
from contracts.directory import User
from services.operations import permission
from services.privacy.holdings import holdings
from services.privacy.who import UnknownPersonError, Who
from services.projector.runtime import Projector
from services.publisher.progress import ProgressFeed
from services.runtime.bus.outbox import Message, Outbox, OutboxError
from services.store.erasures import erasure_of, erasures_of
from services.store.people import people
from services.store.records import ORIGIN
from tests.erased.looking import Person, in_files, in_tables, in_topics
from tests.integration.privacy.conftest import (
    NADIA,
    NAME,
    NAMESAKE,
    NOON,
    OF_THEM,
    STREAMS,
    Place,
    nadia,
)
from tests.integration.webhooks.conftest import Office, webhook
from tests.support.appended import Appender
from tests.support.hall import Hall
from tests.support.kafka import whole
from tests.support.receivers import Line, Request, hangs, receiver, status
from tests.support.records import received
from tests.support.school import COURSE, LEARNER, SCHOOL, activity, course
from tests.support.sleepers import Sleeper
from tests.support.stack import reference

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

FROM_THE_START = "delete from projection_cursors where projection = 'publish-progress'"
KNOWN = {"public.users", "public.webhook_attempts"}
"""Where name, address and tags stand: nowhere else."""


async def gone(place: Place) -> None:
    """Nothing of the person is anywhere; of the namesake at the other school everything is."""
    assert await place.where(*OF_THEM) == set()
    assert list(place.mails.glob("*")) == []
    last = await place.last(topics.DIRECTORY)
    assert last[NADIA.key] is None
    assert last[NAMESAKE.key] == reference(nadia(NAMESAKE.school)).value
    assert await place.progress() == {
        str(STREAMS[0]): False,
        str(STREAMS[1]): False,
        f"{NAMESAKE.school}/{LEARNER}/{COURSE}": True,
    }
    assert set(await people(place.pool, NAMESAKE.school, [LEARNER])) == {LEARNER}


async def test_what_only_they_have_is_nowhere_afterwards(full: Place) -> None:
    # Every row of every table is read, the topics from their start, the folder of e-mails.
    assert await full.where(*OF_THEM) == KNOWN
    [letter] = full.mails.glob("*.eml")
    assert b"nadia.haddad@learner.test" in letter.read_bytes()
    assert set((await full.progress()).values()) == {True}
    before = await full.dump()
    done = await full.erase()
    assert [(it.step, it.number) for it in done] == [
        ("recorded", 1),
        ("topics", 3),
        ("answers", 1),
        ("files", 1),
        ("ended", 1),
    ]
    await gone(full)
    after = await full.dump()
    changed = {table for table in before if before[table] != after[table]}
    assert changed == {
        "public.users",
        "public.erasures",
        "public.mails",
        "public.mail_suppressions",
        "public.webhook_attempts",
    }, "the log and its views keep ids without a person"


async def test_the_namesake_at_another_school_keeps_all_they_have(full: Place) -> None:
    # A3: the same id, another person.
    before = await holdings(full.pool, NAMESAKE), await full.exported(NAMESAKE)
    await full.erase()
    assert (await holdings(full.pool, NAMESAKE), await full.exported(NAMESAKE)) == before
    assert before[0].directory
    assert before[0].suppressed
    assert before[0].mails_waiting == 1


async def test_it_is_on_record_without_a_person(full: Place) -> None:
    await full.erase(reason="request 2024-17")
    [record] = await erasures_of(full.pool, SCHOOL)
    assert record == (SCHOOL, LEARNER, "u-7", "request 2024-17", NOON, NOON)


async def test_the_directory_read_again_from_its_start_brings_nobody_back(full: Place) -> None:
    await full.erase()
    topic = full.cluster.topic(topics.DIRECTORY)
    await full.read_directory(await whole(full.cluster.bootstrap, topic))
    await gone(full)


async def test_a_record_that_comes_after_the_erasure_is_not_written(
    full: Place, caplog: pytest.LogCaptureFixture
) -> None:
    # From a system that did not erase them, or from a backup of the topic; told without a name.
    await full.erase()
    caplog.clear()
    await full.read_directory([received(reference(nadia()))])
    assert await full.where(*OF_THEM) == set()
    [told] = [it.getMessage() for it in caplog.records if it.levelname == "WARNING"]
    assert "riverside: u-1204 was erased" in told
    assert not any(word in told for word in OF_THEM)


async def test_a_later_user_of_another_id_is_written_as_ever(full: Place) -> None:
    await full.erase()
    await full.read_directory([received(reference(User(school=SCHOOL, user="u-9", name="Ann")))])
    assert set(await people(full.pool, SCHOOL, ["u-9", LEARNER])) == {"u-9"}


async def test_views_that_are_rebuilt_and_progress_that_is_published_again_stay_without_them(
    full: Place,
) -> None:
    # B10: a publisher that begins at the first event again sends tombstones where they stood.
    await full.erase()
    for view in ("progress", "search", "events_log"):
        await Projector(full.log).rebuild(view)
    await full.pool.execute(FROM_THE_START)
    await full.publish_progress()
    await gone(full)


async def test_a_publisher_that_had_read_them_before_sends_a_tombstone_behind(full: Place) -> None:
    await full.pool.execute(FROM_THE_START)
    async with Sleeper(full.cluster) as sleeper:
        sleeping = asyncio.create_task(full.publish_progress(sleeper))
        await sleeper.asleep.wait()
        await full.erase()
        sleeper.wake.set()
        await sleeping
    await gone(full)


async def test_what_a_feed_sends_of_the_erased_is_the_same_each_time(full: Place) -> None:
    # Publishing holds what it sent against what the feed says afterwards; else it would not end.
    await full.erase()
    events = await full.log.follow(ORIGIN, 100)
    pages = [[page async for page in ProgressFeed(full.log).pages(events)] for _ in range(2)]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("after", [1, 2, 3, 4])
async def test_broken_off_after_any_step_it_goes_on_when_it_is_run_again(
    full: Place, after: int
) -> None:
    await full.broken_off(after)
    begun = await erasure_of(full.pool, *NADIA)
    assert begun is not None
    assert begun.ended_at is None
    done = await full.erase(actor="u-8", reason="again")
    assert done[-1].step == "ended"
    await gone(full)
    assert await erasure_of(full.pool, *NADIA) == begun._replace(ended_at=NOON)


class Away(Outbox):
    """A broker that takes nothing."""

    async def send(self, messages: Iterable[Message]) -> None:
        raise OutboxError(f"nobody takes {len(list(messages))} messages")


async def test_without_kafka_the_database_is_done_and_it_does_not_count_as_ended(
    full: Place,
) -> None:
    away = Place(full.log, full.cluster, Away(full.cluster), full.mails)
    with pytest.raises(OutboxError):
        await away.erase()
    assert "public.users" not in await full.where(*OF_THEM)
    record = await erasure_of(full.pool, *NADIA)
    assert record is not None
    assert record.ended_at is None
    await full.erase()
    await gone(full)


async def _fails(_: Request, line: Line) -> None:
    line.writer.write(status(500))


@pytest.mark.parametrize("answer", [_fails, hangs])
async def test_a_receiver_that_failed_after_it_had_the_body_is_told_of_too(
    full: Place, answer: Callable[[Request, Line], Awaitable[None]]
) -> None:
    # The first receiver is away by now: it has one delivery, and not this one.
    [first] = (await full.erasing.look(NADIA)).told
    office = Office(full.pool)
    async with receiver(answer) as listening:
        endpoint = await office.endpoint(listening.url)
        await office.queue(webhook(2, learner=LEARNER))
        assert await office.deliver() == 2
        assert NAME.encode() in listening.seen[0].body
    told = (await full.erasing.look(NADIA)).told
    assert {it.endpoint: it.deliveries for it in told} == {first.endpoint: 1, endpoint: 1}


async def test_done_twice_changes_nothing_more(full: Place) -> None:
    await full.erase()
    before = await full.dump(), await full.progress()
    assert [it.number for it in await full.erase(reason="again")] == [0, 3, 0, 0, 1]
    assert (await full.dump(), await full.progress()) == before


@pytest.mark.parametrize("who", [Who(SCHOOL, "nobody"), Who("nowhere", LEARNER)])
async def test_a3_somebody_unknown_is_said_to_be_so_and_nothing_is_changed(
    full: Place, who: Who
) -> None:
    before = await full.dump()
    with pytest.raises(UnknownPersonError, match=f"{who.school} knows {who.user}"):
        await full.erase(who)
    assert await full.dump() == before
    assert who.key not in await full.last(topics.DIRECTORY)


async def test_m5_what_waits_is_not_sent_and_what_is_under_way_is_said_to_be(full: Place) -> None:
    waiting = "select mail_id from mails where school = $1 and state = 'intended'"
    mail = await full.pool.fetchval(waiting, SCHOOL)
    sending = "update mails set state = $2, lease = $3, leased_until = now() where mail_id = $1"
    await full.pool.execute(sending, mail, "sending", uuid4())
    assert (await full.erase())[-1] == ("under_way", 1)
    record = await erasure_of(full.pool, *NADIA)
    assert record is not None
    assert record.ended_at is None
    await full.pool.execute(sending, mail, "sent", None)
    (full.mails / f"{mail}.eml").write_bytes(b"To: nadia.haddad@learner.test")
    (full.mails / f".{mail}.77").write_bytes(b"half of it")
    assert [it.number for it in await full.erase()] == [0, 3, 0, 2, 1]
    await gone(full)


async def test_m5_an_e_mail_that_waited_is_on_record_as_not_sent(full: Place) -> None:
    await full.erase()
    rows = await full.pool.fetch(
        "select school, attempt, state, code from mails order by school desc, attempt"
    )
    assert [tuple(row) for row in rows] == [
        (SCHOOL, 1, "sent", None),
        (SCHOOL, 2, "suppressed", "erased"),
        (NAMESAKE.school, 1, "intended", None),
    ]


async def test_links_of_e_mails_that_they_have_lead_nowhere(full: Place) -> None:
    links = "select unsubscribe from mails where school = $1"
    before = {row[0] for row in await full.pool.fetch(links, SCHOOL)}
    await full.erase()
    assert before.isdisjoint({row[0] for row in await full.pool.fetch(links, SCHOOL)})


async def test_later_events_of_a_course_bring_no_progress_back(full: Place) -> None:
    # A structure that is published anew sends everybody's progress again (B9).
    await full.erase()
    appender = Appender(full.log)
    appender._versions[f"{SCHOOL}/~courses/{COURSE}"] = 1
    await appender.published(course(activity("a"), activity("b"), version=2))
    await Projector(full.log).catch_up()
    await full.publish_progress()
    await gone(full)


async def test_whoever_has_only_a_record_in_the_directory_is_erased_too(full: Place) -> None:
    ann = Who(SCHOOL, "ann")
    record = reference(User(school=SCHOOL, user="ann", name="Ann Onym"))
    await full.outbox.send([record])
    await full.read_directory([received(record)])
    assert [it.number for it in await full.erase(ann)] == [1, 1, 0, 0, 1]
    assert await full.where("Ann Onym") == set()
    assert (await full.last(topics.DIRECTORY))[ann.key] is None


async def test_by_query_and_by_topic_they_are_there_before_and_gone_after(full: Place) -> None:
    # The short form of `make erased`.
    nadia = Person(NADIA, OF_THEM)
    held = await in_tables(full.pool, nadia), await in_topics(full.cluster, nadia)
    assert {table for table, it in held[0].items() if it.words} == KNOWN
    assert [held[1][topic].last for topic in (topics.DIRECTORY, topics.PROGRESS)] == [1, 2]
    assert (await in_files(full.mails, nadia)).words == 1
    await full.erase()
    left = await in_tables(full.pool, nadia), await in_topics(full.cluster, nadia)
    assert sum(it.words for it in left[0].values()) == 0
    assert left[0]["public.stored_events"].ids == held[0]["public.stored_events"].ids
    assert [left[1][topic].last for topic in (topics.DIRECTORY, topics.PROGRESS)] == [0, 0]
    assert {topic for topic, it in left[1].items() if it.words} <= {topics.DIRECTORY}
    assert (await in_files(full.mails, nadia)).words == 0


async def test_whoever_comes_back_on_the_topic_is_erased_from_it_again(full: Place) -> None:
    await full.erase()
    before = await full.dump()
    await full.outbox.send([reference(nadia())])
    await full.read_directory([received(reference(nadia()))])
    assert (await full.last(topics.DIRECTORY))[NADIA.key] is not None
    await full.erase(reason="again")
    await gone(full)
    assert (await full.dump())["public.erasures"] == before["public.erasures"]


async def test_an_administrator_who_is_erased_stays_an_id_in_what_they_did(full: Place) -> None:
    # A1: from then on nobody has the role, and what they did to others stays as it was.
    ada = User(school=SCHOOL, user="u-7", role_level="admin", name="Ada Lovelace-Byron")
    await full.outbox.send([reference(ada)])
    await full.read_directory([received(reference(ada))])
    before = await full.dump()
    await full.erase(Who(SCHOOL, "u-7"), actor="u-8")
    after = await full.dump()
    assert await full.where("Lovelace-Byron") == set()
    assert after["public.stored_events"] == before["public.stored_events"]
    assert await permission.refusal(full.pool, SCHOOL, "u-7") is not None


async def test_a_running_operation_goes_on_with_ids(full: Place) -> None:
    # Who is enrolled is completed under the id; whom the directory lacks is not enrolled (B6).
    hall = await Hall(full.log).open()
    await hall.enroll("u-1", "u-2")
    sam = User(school=hall.school, user="u-1", name="Sam Okafor-Lind")
    await full.outbox.send([reference(sam)])
    await full.read_directory([received(reference(sam))])
    await hall.ask(hall.mark("op-1", "u-1", "u-2"))
    assert await hall.part.turn()
    await full.erase(Who(hall.school, "u-1"), actor="ada")
    await hall.go()
    report = await hall.report("op-1")
    assert (report.state, report.done) == ("completed", 2)
    assert await full.where("Okafor-Lind") == set()
    await Projector(full.log).catch_up()
    await full.publish_progress()
    stream = f"{hall.school}/u-1/first-aid"
    assert (await full.progress())[stream] is False


async def test_the_files_of_others_stay(full: Place) -> None:
    other = full.mails / f"{uuid4()}.eml"
    other.write_bytes(b"somebody else's")
    await full.erase()
    assert list(full.mails.glob("*")) == [other]
