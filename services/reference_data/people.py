"""Schools and users into the directory's tables; a tombstone erases."""

import logging
import re
from collections.abc import Mapping, Sequence

import asyncpg

from contracts import registry, topics
from contracts.directory import School, User
from services.runtime.bus.intake import check_key, receive
from services.runtime.bus.letters import Problem
from services.runtime.bus.record import Record
from services.runtime.bus.undeliverable import DeadRecord
from services.store.directory import Directory
from services.store.erasures import erased
from services.store.ownership import Ownership

Entry = School | User | None
_KEY = re.compile(r"[^/\x00]+(/[^/\x00]+)?")

log = logging.getLogger(__name__)


class People:
    """Keeps the directory's tables."""

    def __init__(self, pool: asyncpg.Pool, ownership: Ownership) -> None:
        self._pool = pool
        self._ownership = ownership

    async def handle(self, records: Sequence[Record]) -> list[DeadRecord]:
        """Write the last record of each key; returns the records that are none of ours.

        Raises:
            NotOwnerError: a partition of the records is another process's; nothing is written.
        """
        latest: dict[str, Entry] = {}
        dead: list[DeadRecord] = []
        for record in records:
            read = _entry(record)
            if isinstance(read, Problem):
                dead.append((record, read))
            else:
                latest[read[0]] = read[1]
        async with self._pool.acquire() as connection, connection.transaction():
            owned = {(record.topic, record.partition) for record in records}
            await self._ownership.hold(connection, owned)
            await _write(Directory(connection), latest)
            await _tell_of_erased(connection, latest)
        return dead


async def _write(directory: Directory, latest: Mapping[str, Entry]) -> None:
    await directory.put_schools([e for e in latest.values() if isinstance(e, School)])
    await directory.put_users([e for e in latest.values() if isinstance(e, User)])
    for key in [key for key, entry in latest.items() if entry is None]:
        school, _, user = key.partition("/")
        if user:
            await directory.erase_user(school, user)
        else:
            await directory.erase_school(school)


async def _tell_of_erased(connection: asyncpg.Connection, latest: Mapping[str, Entry]) -> None:
    """Their names are on the topic again: who sent them has to know."""
    users = {(e.school, e.user) for e in latest.values() if isinstance(e, User)}
    for school, user in sorted(await erased(connection, users)):
        log.warning(
            "%s: %s was erased, and is in the directory's topic again; nothing was written. "
            "Remove the user where it comes from, then run `coursemark privacy erase` again",
            school,
            user,
        )


def _entry(record: Record) -> tuple[str, Entry] | Problem:
    """The key with what stands under it; none where it is to be erased."""
    if record.value is None:
        return _tombstone(record)
    entry = receive(record, registry.DIRECTORY, topics.DIRECTORY)
    if isinstance(entry, Problem):
        return entry
    key = entry.school if isinstance(entry, School) else f"{entry.school}/{entry.user}"
    return check_key(record, key) or (key, entry)


def _tombstone(record: Record) -> tuple[str, None] | Problem:
    try:
        key = (record.key or b"").decode()
    except UnicodeDecodeError:
        key = ""
    if not _KEY.fullmatch(key):
        return Problem(
            "wrong_key",
            "This tombstone erases nobody; send it with the key school, or school/user.",
        )
    return key, None
