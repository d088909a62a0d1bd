"""A person erased: first what makes it last, then everything else, step by step.

The record of the erasure and the directory's row change in one transaction: from then on no record
of the directory writes them again, and the publisher sends tombstones in place of their progress.
Then come the topics, the answers of receivers, the mail folder. Each step may be done again: killed
anywhere, the next run does all of them and ends what was begun; a run after that changes nothing.
"""

import logging
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from contracts import topics
from contracts.topics import Stream
from services.mailer.files import remove
from services.privacy.holdings import (
    Holdings,
    Told,
    holdings,
    mails_under_way,
    searches_naming,
    told,
)
from services.privacy.sql import query
from services.privacy.who import UnknownPersonError, Who
from services.publisher.progress import tombstone
from services.runtime.bus.outbox import Message
from services.store import erasures
from services.store.directory import Directory
from services.store.log import EventLog
from services.store.people import streams_of_learner

Step = Literal["recorded", "topics", "answers", "files", "ended", "under_way"]
"""``under_way``, in place of ``ended``: an e-mail is being sent at this moment; run it again."""

log = logging.getLogger(__name__)


class Done(NamedTuple):
    """A step that is done, and how many it was about."""

    step: Step
    number: int


class Found(NamedTuple):
    """What there is of whom; after an erasure nobody knows any more which searches name them."""

    who: Who
    holdings: Holdings
    told: Sequence[Told]
    searches: Sequence[str]


class Sends(Protocol):
    """An outbox."""

    async def send(self, messages: Iterable[Message]) -> None:
        """Returns when Kafka has acknowledged all of them."""


class Erasing:
    """Erases; ``mails`` is the folder that e-mails are written into without a mail server."""

    def __init__(
        self, event_log: EventLog, outbox: Sends, mails: Path, clock: Callable[[], datetime]
    ) -> None:
        self._log = event_log
        self._pool = event_log.pool
        self._outbox = outbox
        self._mails = mails
        self._clock = clock

    async def look(self, who: Who) -> Found:
        """What there is of a person.

        Raises:
            UnknownPersonError: nothing, and nobody was erased under the id.
        """
        found = await holdings(self._pool, who)
        if found.nothing and await erasures.erasure_of(self._pool, *who) is None:
            raise UnknownPersonError(who)
        searches = await searches_naming(self._pool, who)
        return Found(who, found, await told(self._pool, who), searches)

    async def steps(self, found: Found, actor: str, reason: str) -> AsyncGenerator[Done]:
        """Erase whom ``look`` found; each step is told of when it is durable.

        Raises:
            OutboxError: Kafka did not take the tombstones; run it again.
        """
        who = found.who
        yield Done("recorded", await self._record(who, actor, reason))
        yield Done("topics", await self._tombstones(who))
        yield Done("answers", await self._answers(who))
        yield Done("files", await self._files(who))
        under_way = await mails_under_way(self._pool, who)
        if under_way:
            yield Done("under_way", under_way)
            return
        await erasures.end(self._pool, *who, self._clock())
        log.info("%s: %s is erased", *who)
        yield Done("ended", 1)

    async def _record(self, who: Who, actor: str, reason: str) -> int:
        """The erasure, the directory's row, what waits to be mailed, in one transaction."""
        now = self._clock()
        async with self._pool.acquire() as connection, connection.transaction():
            first = await erasures.begin(connection, *who, actor, reason, now)
            await Directory(connection).erase_user(*who)
            await connection.execute(query("suppression_end"), *who)
            await connection.execute(query("mails_end"), *who, now, first)
        return int(first)

    async def _tombstones(self, who: Who) -> int:
        """On the directory first: it has the name. Then each course's latest progress."""
        streams = map(Stream.parse, await streams_of_learner(self._pool, *who))
        messages = [Message(topics.DIRECTORY, who.key, None, ()), *map(tombstone, streams)]
        await self._outbox.send(messages)
        return len(messages)

    async def _answers(self, who: Who) -> int:
        rows = await self._pool.fetch(query("answers_of"), *who)
        columns = [row[0] for row in rows], [row[1] for row in rows]
        await self._pool.execute(query("answers_end"), *columns)
        return len(rows)

    async def _files(self, who: Who) -> int:
        ids = [str(row[0]) for row in await self._pool.fetch(query("mails_of"), *who)]
        return await remove(self._mails, ids)
