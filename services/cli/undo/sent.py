"""What was sent, and stays sent, as a table."""

from typing import TYPE_CHECKING

from services.cli.many.options import How
from services.cli.output import console, say, write_json
from services.cli.tables import plain

if TYPE_CHECKING:
    import asyncpg


async def stays_sent(
    pool: "asyncpg.Pool", school: str, id_: str, *, operation: bool, how: How
) -> None:
    """Print it, counted by whom, what and state."""
    from services.operations import sent

    read = sent.of_operation if operation else sent.of_command
    found = await read(pool, school, id_)
    if how.as_json:
        for it in found:
            write_json({"stays_sent": it._asdict()})
        return
    if not found:
        say("Nothing was sent because of it.")
        return
    table = plain("Stays sent", "To", "What", "State", ">Number")
    for it in found:
        table.add_row(it.way, it.whom, it.trigger, it.state, f"{it.number:,}")
    console().print(table)
