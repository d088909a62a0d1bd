"""``coursemark export events``, from its options to what came of it."""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from services.cli.chosen import Chosen
from services.cli.running import bar, database
from services.export.chunk import Chunk
from services.export.events import EventExport, Told
from services.export.folder import ExportError, begun, opened
from services.export.ndjson import Lines
from services.runtime.settings import Settings
from services.runtime.signals import stop_at_signals
from services.store.log import COUNT_BOUND, EventLog
from services.store.records import Position
from services.store.selection import Wanted, check


class Order(NamedTuple):
    """What was ordered; ``since`` of none goes on where the folder's state says."""

    format: str
    out: Path
    chosen: Chosen
    since: Position | None
    skip: Collection[str]


class Done(NamedTuple):
    """What one run did, from which position, in how many events all runs before it too."""

    told: Told
    started: Position
    total: int


async def export_events(settings: Settings, order: Order) -> Done:
    """Export up to the end of the log, or until Ctrl-C.

    Raises:
        ExportError: the folder cannot be used, or has another export.
        SelectionError: the school or the course is unknown.
        UnreadableEventError: an event cannot be read; all before it are exported.
    """
    stop, wanted = stop_at_signals(), order.chosen.wanted
    chunk = _chunk(order.format)
    async with database(settings) as pool:
        log = EventLog(pool)
        await check(log, wanted)
        with opened(order.out) as folder:
            state = begun(folder.state(), _asked(order.format, wanted), order.since)
            export = EventExport(log, folder, chunk, state)
            until, total = await log.head(), await log.count_after(state.position)
            with bar("events passed", total if total < COUNT_BOUND else None) as advance:
                told = await export.run(wanted, until, order.skip, stop, advance)
    return Done(told, state.position, state.events + told.written.total())


def _chunk(name: str) -> Chunk:
    if name == "ndjson":
        return Lines()
    try:
        from services.export.parquet import Columns
    except ModuleNotFoundError as error:
        raise ExportError(
            "parquet_missing",
            f"Parquet needs {error.name}, which is not installed; run "
            "pip install 'coursemark[analytics]', or take --format ndjson.",
        ) from error
    return Columns()


def _asked(name: str, wanted: Wanted) -> dict[str, object]:
    """What a later run has to repeat."""
    types = None if wanted.types is None else sorted(wanted.types)
    return {"format": name, "school": wanted.school, "course": wanted.course, "types": types}
