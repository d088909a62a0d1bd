"""The whole demo: start everything in a temporary folder, tell the story, stop, leave nothing."""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any, TypeVar

from pydantic import SecretStr

from services.cli.demo.calling import Caller
from services.cli.demo.chapters import CHAPTERS
from services.cli.demo.heard import hearing
from services.cli.demo.rules import RULES
from services.cli.demo.seen import Seen
from services.cli.demo.stage import Judged, Stage
from services.cli.demo.telling import Teller
from services.cli.up.serving import start, unless
from services.composition.database import database
from services.runtime.addresses import Addresses, find_side
from services.runtime.bus.client import connection
from services.runtime.bus.outbox import Outbox
from services.runtime.settings import Settings
from services.runtime.signals import stop_at_signals
from services.runtime.supervisor import Supervisor
from services.store.log import EventLog

T = TypeVar("T")


async def play(teller: Teller) -> bool | None:
    """Whether every rule was shown; none where Ctrl-C or SIGTERM came before the end."""
    began = monotonic()
    stop, supervisor = stop_at_signals(), Supervisor(teller)
    judged: list[Judged] | None = None
    teller.opening()
    # Within the folder, away from any .env, which the parts would read.
    with TemporaryDirectory(prefix="coursemark-demo-") as folder, chdir(folder):
        try:
            settings = _settings(Path(folder))
            addresses = await unless(stop, start(settings, supervisor))
            if addresses is not None:
                told = _while_kept(supervisor, _tell(settings, addresses, teller))
                judged = await unless(stop, told)
        finally:
            await supervisor.stop()
    if judged is None:
        teller.farewell("Stopped before the end; nothing is left behind.")
        return None
    rows = list(rows_of(judged))
    teller.table(rows)
    teller.farewell(_last_words(rows, monotonic() - began))
    return all(holds for _, _, holds in rows)


def _settings(folder: Path) -> Settings:
    """As they come, whatever environment and .env say: nothing of a real platform is touched."""
    usual = {name: field.default for name, field in Settings.model_fields.items()}
    ours = {
        "data": folder,
        "kafka": "embedded",
        "database": SecretStr("embedded"),
        "partitions": 4,
        "kafka_session_seconds": 6.0,  # a group's first join takes half of it
        "log_level": "WARNING",
    }
    return Settings(_env_file=None, **usual | ours)


async def _tell(settings: Settings, addresses: Addresses, teller: Teller) -> list[Judged]:
    cluster = connection(settings, addresses.kafka)
    judged: list[Judged] = []
    async with (
        database(settings, "demo") as pool,
        hearing(cluster) as heard,
        Outbox(cluster) as outbox,
    ):
        caller = Caller(pool, find_side(settings, "api"))
        stage = Stage(EventLog(pool), outbox, caller, Seen(heard), teller)
        for chapter in CHAPTERS:
            teller.chapter(chapter)
            judged += await stage.play(chapter)
    return judged


async def _while_kept(supervisor: Supervisor, work: Coroutine[Any, Any, T]) -> T:
    """What the work gives, while what dies is started again.

    Raises:
        ExceptionGroup: of ``GaveUpError``: a server or a part cannot be kept alive.
    """
    async with asyncio.TaskGroup() as group:
        keeping = group.create_task(supervisor.keep(asyncio.Event()))
        try:
            return await work
        finally:
            keeping.cancel()


def rows_of(judged: Sequence[Judged]) -> list[tuple[str, str, bool]]:
    """By rule, in order; one that no chapter is about was not shown."""
    rows = []
    for rule in RULES:
        of_rule = [(rule, it.proof.shown, it.holds) for it in judged if it.proof.rule == rule]
        rows += of_rule or [(rule, "nothing", False)]
    return rows


def _last_words(rows: Sequence[tuple[str, str, bool]], seconds: float) -> str:
    shown = sum(holds for _, _, holds in rows)
    if shown < len(rows):
        return f"{len(rows) - shown} of {len(rows)} rules were NOT shown. Took {seconds:.0f} s."
    return (
        f"{shown} of {len(rows)} shown, in {seconds:.0f} s. Servers, parts and their folder are "
        "gone. To go on by hand: `coursemark up`, and docs/tutorial/first-steps.md."
    )
