"""Views held against the log."""

from projections.registry import PROJECTIONS
from services.cli.running import bar, database
from services.projector.checked import Checked
from services.projector.runtime import Projector
from services.runtime.settings import Settings
from services.store.log import EventLog
from services.store.records import ORIGIN


async def check(settings: Settings, name: str | None) -> dict[str, Checked]:
    """What was found, by view."""
    checked = {}
    async with database(settings) as pool:
        log = EventLog(pool)
        total = await log.count_after(ORIGIN)
        for view in [name] if name is not None else [it.name for it in PROJECTIONS]:
            with bar(view, total) as advance:
                done = 0

                def progressed(events: int) -> None:
                    nonlocal done
                    advance(events - done)
                    done = events

                checked[view] = await Projector(log).check(view, progressed)
    return checked
