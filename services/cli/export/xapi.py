"""``coursemark export xapi``, from its options to what came of it."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple, TextIO

import orjson
import typer

from services.cli.chosen import Chosen
from services.cli.export.writing import whole
from services.cli.running import bar, database
from services.export.folder import ExportError
from services.export.xapi.lrs import VERSIONS, Lrs, Made, Store
from services.export.xapi.sending import Asked, Sink, Told, XapiExport
from services.runtime.settings import Settings
from services.runtime.signals import stop_at_signals
from services.store.log import COUNT_BOUND, EventLog
from services.store.named import named_cursor
from services.store.records import ORIGIN
from services.store.selection import check


class Order(NamedTuple):
    """What was ordered: the events, and either a file or a store."""

    chosen: Chosen
    out: Path | None
    lrs: str | None
    home: str | None
    resume: str | None
    version: str
    batch: int
    skip: Collection[str]


class DoneXapi(NamedTuple):
    """What one run did; ``known``: statements that the store had, told by a conflict."""

    told: Told
    known: int


class Lines:
    """A file of statements, one a line."""

    known = 0

    def __init__(self, file: TextIO) -> None:
        self._file = file

    async def store(self, made: Sequence[Made]) -> None:
        """Write them."""
        for it in made:
            self._file.write(orjson.dumps(it.statement).decode() + "\n")


async def export_xapi(settings: Settings, order: Order) -> DoneXapi:
    """Send or write up to the end of the log, or until Ctrl-C.

    Raises:
        LrsError: the store does not take the statements.
        SelectionError: the school or the course is unknown.
        RunNameError: the export was begun with other choices.
    """
    chosen = order.chosen
    # Ctrl-C lets a store have its batch, and a file go: nobody finds half of one under its name.
    stop = asyncio.Event() if order.lrs is None else stop_at_signals()
    home = _home(settings, order)
    async with _sink(settings, order) as sink, database(settings) as pool:
        log = EventLog(pool)
        await check(log, chosen.wanted)
        what = f"{order.lrs} {home} {chosen.wanted!r} {chosen.after} {chosen.until}"
        name = order.resume
        cursor = None if name is None else await named_cursor(pool, "xapi", name, what)
        stands = ORIGIN if cursor is None else await cursor.read()
        after, until = max(stands, chosen.after), chosen.until or await log.head()
        asked = Asked(chosen.wanted, until, home, order.skip, order.batch)
        export = XapiExport(log, sink, asked, Told(after), cursor)
        total = await log.count_after(after)
        with bar("events passed", total if total < COUNT_BOUND else None) as advance:
            await export.run(stop, advance)
        return DoneXapi(export.told, sink.known)


def _home(settings: Settings, order: Order) -> str:
    home = order.home or settings.xapi_home
    if home is None:
        raise ExportError(
            "xapi_home_missing",
            "Schools, courses and learners need names that nobody else has: set "
            "COURSEMARK_XAPI_HOME or --home to an address of yours, and never change it.",
        )
    if not home.startswith(("http://", "https://")):
        raise typer.BadParameter("it begins with http:// or https://.", param_hint="--home")
    return home.rstrip("/")


@asynccontextmanager
async def _sink(settings: Settings, order: Order) -> AsyncIterator[Sink]:
    """Where the statements go."""
    if order.version not in VERSIONS:
        raise typer.BadParameter(f"{' or '.join(VERSIONS)}.", param_hint="--xapi-version")
    if order.lrs is None:
        with whole(order.out or Path("-")) as file:
            yield Lines(file)
        return
    password = settings.lrs_password
    store = Store(
        url=order.lrs,
        username=settings.lrs_username,
        password=None if password is None else password.get_secret_value(),
        version=order.version,
        patience_seconds=settings.patience_seconds,
    )
    async with Lrs(store) as lrs:
        yield lrs
