"""Learners completed, reset and completed again; then everything is rebuilt, and mails are counted.

What was asked for is what the commands said; what was sent is what the mail server took.
"""

from __future__ import annotations

from collections import Counter
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from contracts import topics
from contracts.catalog import Activity, CompletionRules, CourseStructure, Section
from contracts.commands import EnrollLearner, MarkComplete, ResetProgress
from contracts.directory import School, User
from projections.registry import PROJECTIONS
from services.cli.projections.rebuilding import publish_again, rebuild_view
from services.mailer.overrides import Overrides
from services.mailer.rendering import Template
from services.publisher.registry import FEEDS
from services.runtime.bus.client import connection
from services.runtime.bus.offsets import GroupOffsets, go_to_end, reader
from services.runtime.embedded.waiting import until
from services.runtime.topology import PARTS
from services.store.cursors import Cursor
from services.store.log import EventLog
from services.store.migrations import migrate
from services.store.pool import open_pool
from tests.support.stack import message, reference, results, send

if TYPE_CHECKING:
    import asyncpg

    from services.runtime.settings import Settings
    from tests.support.mail import MailServer

SCHOOL, COURSE, ADMIN = "riverside", "biology-1", "ada"
ATTEMPTS = 2
WITHIN = 120.0
"""Seconds for everything to come to rest."""
TEMPLATE = Template("attempt {{ attempt }}", "<p>{{ learner }}</p>", "{{ learner }}")


class Line(NamedTuple):
    """A learner's attempt: whether an e-mail was asked for; sent at first, and in all."""

    learner: str
    attempt: int
    asked: bool
    first: int
    at_last: int

    @property
    def right(self) -> bool:
        """One where one was asked for; none else; and nothing by a rebuild."""
        return self.first == self.at_last == int(self.asked)


class Told(NamedTuple):
    """The lines, and how many notices were on Kafka before and after everything was rebuilt."""

    lines: list[Line]
    notices: tuple[int, int]
    rebuilt: list[str]


def asks(learner: int, attempt: int) -> bool:
    """Every combination comes: both, the first alone, the second alone, none."""
    return bool((learner >> (attempt - 1)) & 1)


async def tell(settings: Settings, server: MailServer, learners: int) -> Told:
    """The story, on parts that run."""
    pool = await open_pool(settings.database.get_secret_value())
    try:
        await migrate(pool)
        await Overrides(pool).put(SCHOOL, "completion", "en", TEMPLATE, datetime.now(UTC))
        await _complete(settings, pool, learners)
        await _at_rest(settings, pool)
        first, noticed = _count(server), await _notices(settings)
        rebuilt = [await rebuild_view(settings, it.name) for it in PROJECTIONS]
        rebuilt += [await publish_again(settings, it.name) for it in FEEDS]
        await _at_rest(settings, pool)
        noticed_again = await _notices(settings)
        lines = _lines(learners, first, _count(server))
        return Told(lines, (noticed, noticed_again), rebuilt)
    finally:
        await pool.close()


def _lines(learners: int, first: Counter[str], at_last: Counter[str]) -> list[Line]:
    return [
        Line(f"u-{n}", attempt, asks(n, attempt), first[key], at_last[key])
        for n in range(learners)
        for attempt in range(1, ATTEMPTS + 1)
        for key in [f"u-{n} attempt {attempt}"]
    ]


def _count(server: MailServer) -> Counter[str]:
    """By learner and attempt, as they stand in what the server took."""
    return Counter(
        f"{it.recipient.partition('@')[0]} {it.message['Subject']}" for it in list(server.taken)
    )


async def _complete(settings: Settings, pool: asyncpg.Pool, learners: int) -> None:
    await send(settings, map(reference, _reference(learners)))

    async def known() -> bool:
        there = "select exists (select from stored_events) and (select count(*) from users) = $1"
        return bool(await pool.fetchval(there, learners + 1))

    assert await until(known, within=WITHIN)
    commands = []
    for n in range(learners):
        whose = {"school": SCHOOL, "learner": f"u-{n}", "course": COURSE}
        commands += [EnrollLearner(**whose)]
        for attempt in range(1, ATTEMPTS + 1):
            if attempt > 1:
                commands += [ResetProgress(**whose, actor=ADMIN, activities="whole_course")]
            email = asks(n, attempt)
            mark = MarkComplete(
                **whose, actor=ADMIN, activities="whole_course", send_completion_email=email
            )
            commands += [mark, mark]  # a repeat under another id changes nothing
    await send(settings, map(message, commands))
    found = await results(settings, len(commands), within=WITHIN)
    outcomes = Counter(it.get("code", it["outcome"]) for it in found)
    repeats = learners * ATTEMPTS
    assert outcomes == {"accepted": len(commands) - repeats, "already_complete": repeats}, outcomes


def _reference(learners: int) -> list[School | User | CourseStructure]:
    activities = tuple(
        Activity(activity=it, type="video", rules=CompletionRules(visited=True)) for it in "ab"
    )
    structure = CourseStructure(
        school=SCHOOL,
        course=COURSE,
        version=1,
        title="Biology I",
        access="free",
        sections=(Section(section="s", activities=activities),),
    )
    people = [
        User(school=SCHOOL, user=f"u-{n}", name=f"Learner {n}", email=f"u-{n}@learner.test")
        for n in range(learners)
    ]
    admin = User(school=SCHOOL, user=ADMIN, role_level="admin")
    return [School(school=SCHOOL, plan="starter"), admin, *people, structure]


async def _at_rest(settings: Settings, pool: asyncpg.Pool) -> None:
    """Every feed is at the end of the log, every notice is taken in, every e-mail has ended."""
    log, mailer = EventLog(pool), PARTS["mailer"]
    cluster = connection(settings, settings.kafka)
    async with GroupOffsets(cluster, str(mailer.group), mailer.consumes) as offsets:

        async def quiet() -> bool:
            for feed in FEEDS:
                at = await Cursor(pool, feed.name).read()
                if await log.follow(at, 1, topics=feed.topics):
                    return False
            if any((await offsets.lag()).values()):
                return False
            left = "select count(*) from mails where state in ('intended', 'sending')"
            return bool(await pool.fetchval(left) == 0)

        assert await until(quiet, within=WITHIN), "it does not come to rest"


async def _notices(settings: Settings) -> int:
    """How many notices are on Kafka."""
    async with AsyncExitStack() as closing:
        consumer = reader(connection(settings, settings.kafka), [topics.NOTIFICATIONS])
        await consumer.start()
        closing.push_async_callback(consumer.stop)
        return sum((await go_to_end(consumer)).values())
