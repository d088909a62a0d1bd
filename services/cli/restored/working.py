"""Positions given anew, with nothing else at work."""

from projections.events_log import EVENTS_LOG
from projections.sql import statement
from services.cli.errors import CommandError
from services.cli.running import database
from services.projector.runtime import Projector
from services.runtime.settings import Settings
from services.store.log import EventLog
from services.store.restore import renumber_transactions


class PartsAtWorkError(CommandError):
    """``parts_at_work``: somebody writes to the database at this moment."""

    code = "parts_at_work"


async def make_ready(settings: Settings) -> str:
    """Renumber the log and rebuild the view that holds positions; returns what to say of it.

    Raises:
        PartsAtWorkError: a part is connected to the database.
    """
    async with database(settings) as pool:
        at_work = await pool.fetch(statement("services.cli.restored", "at_work"))
        if at_work:
            names = ", ".join(row[0].removeprefix("coursemark ") for row in at_work)
            raise PartsAtWorkError(f"{names} is connected to the database; stop all parts first.")
        events = await renumber_transactions(pool)
        await Projector(EventLog(pool)).rebuild(EVENTS_LOG.name)
    return f"{events:,} events have new positions; now start the parts."
