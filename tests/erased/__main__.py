"""``python -m tests.erased [--kafka apache]``: where a person was before and after an erasure.

One made-up learner of a running Coursemark: every row of every table that has their id, or their
name or address, every topic from its start, the folder of e-mails. Then they are erased, and sent
anew by a system that does not know of it, and erased again. Exit code 1 where anything of the
person is left but in records under a tombstone.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import uvloop

from benchmarks.oulad.stack import Deaths, running
from contracts import topics
from services.privacy.who import Who
from services.runtime.bus.client import Connection
from services.runtime.children import command
from services.runtime.embedded.waiting import until
from services.runtime.settings import Settings
from services.store.pool import open_pool
from tests.erased.looking import Person, Place, in_files, in_tables, in_topics

if TYPE_CHECKING:
    from collections.abc import Mapping

    import asyncpg

NADIA = Person(Who("riverside", "u-1204"), ("Nadia Haddad", "nadia@riverside.example"))
RECORDS = Path("docs/how-to/riverside.jsonl")
MARK = (
    *("mark", "--school", "riverside", "--course", "biology-1", "--learner", NADIA.who.user),
    *("--whole-course", "--email", "--actor", "u-7", "--yes"),
)
ERASE = ("privacy", "erase", *NADIA.who, "--yes", "--actor", "u-7", "--reason", "request 17")
NOTHING = Place(0, 0)


class Seen(NamedTuple):
    """Where they are, by what is asked."""

    tables: Mapping[str, Place]
    topics: Mapping[str, Place]
    files: Place


class Story:
    """Tells it with the commands that anybody has."""

    def __init__(self, settings: Settings, cluster: Connection, pool: asyncpg.Pool) -> None:
        self._settings, self._cluster, self._pool = settings, cluster, pool

    async def tell(self) -> list[Seen]:
        """Before; erased; and erased again, after they were sent anew."""
        await self._run("send", "--file", str(RECORDS))
        await self._run(*MARK)
        assert await until(self._everywhere, within=60, every=0.2), "they are not everywhere yet"
        seen = [await self._look()]
        await self._run(*ERASE, aloud=True)
        seen.append(await self._look())
        await self._run("send", "--file", str(RECORDS))
        await self._run(*ERASE)
        seen.append(await self._look())
        return seen

    async def _look(self) -> Seen:
        return Seen(
            await in_tables(self._pool, NADIA),
            await in_topics(self._cluster, NADIA),
            await in_files(self._settings.mails, NADIA),
        )

    async def _everywhere(self) -> bool:
        held = await in_topics(self._cluster, NADIA)
        mailed = (await in_files(self._settings.mails, NADIA)).words
        return bool(mailed and held.get(topics.PROGRESS) and held.get(topics.NOTIFICATIONS))

    async def _run(self, *words: str, aloud: bool = False) -> None:
        asked = [
            *command(*words),
            "--kafka",
            self._settings.kafka,
            "--data",
            str(self._settings.data),
        ]
        to = None if aloud else subprocess.DEVNULL
        if aloud:
            _say(f"$ coursemark {' '.join(words)}")
        await asyncio.to_thread(subprocess.run, asked, check=True, stdout=to)


async def see(data: Path, kafka: str) -> list[Seen]:
    """Start all of it and tell the story."""
    settings = Settings(_env_file=None, data=data, kafka=kafka, partitions=4)
    async with running(settings, Deaths()) as addresses:
        pool = await open_pool(addresses.database)
        try:
            cluster = Connection(addresses.kafka, settings.topic_prefix, idempotent=False)
            return await Story(settings, cluster, pool).tell()
        finally:
            await pool.close()


def show(seen: list[Seen]) -> None:
    """A line for each place: rows with the id, and with name or address, each time."""
    _say(f"\n{'':<42}{'before':>18}{'erased':>18}{'sent anew, again':>18}")
    _say(f"{'where':<42}" + f"{'id':>9}{'person':>9}" * 3)
    _part("by query: rows", [it.tables for it in seen])
    _part("topics from their start: records", [it.topics for it in seen])
    _part("files", [{"the folder of e-mails": it.files} for it in seen])
    _say("\ncompacted topics: keys of theirs whose last record is no tombstone")
    for name in sorted(
        {name for it in seen for name in it.topics if it.topics[name].last is not None}
    ):
        _say(f"{name:<42}" + "".join(f"{_last(it, name):>18}" for it in seen))


def _part(title: str, seen: list[Mapping[str, Place]]) -> None:
    _say(title)
    for name in sorted({name for it in seen for name in it}):
        places = [it.get(name, NOTHING) for it in seen]
        _say(f"  {name:<40}" + "".join(f"{it.ids:>9}{it.words:>9}" for it in places))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _last(seen: Seen, name: str) -> int:
    return seen.topics.get(name, NOTHING).last or 0


def wrong(seen: list[Seen]) -> list[str]:
    """What is left of the person, or was never there."""
    before, *after = seen
    found = [] if before.tables["public.users"].words else ["they were not there before"]
    for it in after:
        found += [f"{name}: {place.words} rows" for name, place in it.tables.items() if place.words]
        found += [f"{name}: no tombstone" for name in it.topics if _last(it, name)]
        found += ["the folder of e-mails"] if it.files.words else []
        names = {name for name, place in it.topics.items() if place.words}
        found += [f"{name} has their name" for name in names - {topics.DIRECTORY}]
    return found


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.erased", description=__doc__)
    parser.add_argument("--kafka", choices=("embedded", "apache"), default="embedded")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="coursemark-erased-") as folder:
        seen = uvloop.run(see(Path(folder), asked.kafka))
    show(seen)
    left = wrong(seen)
    if left:
        sys.exit("Something is left: " + "; ".join(left))
    _say("\nNothing of the person is left but the records under the tombstones, until compaction.")


if __name__ == "__main__":
    main()
