"""What was sent, and stays sent when what led to it is taken back (B7)."""

from typing import TYPE_CHECKING

from rich.text import Text

from services.cli.many.options import How
from services.cli.output import console, write_json
from services.cli.tables import plain

if TYPE_CHECKING:
    from services.cli.stack.port import Stack


async def stays_sent(stack: "Stack", school: str, id_: str, *, operation: bool, how: How) -> None:
    """List it: e-mails, webhooks by endpoint, Zaps, awarded programmes."""
    found = await stack.sent(school, id_, operation=operation)
    if how.as_json:
        write_json({"stays_sent": [it._asdict() for it in found]})
        return
    out = console()
    if not found:
        out.print("Nothing was sent because of it.")
        return
    out.print(Text("What was sent stays sent:"))
    table = plain("What", "Whom", "Trigger", "State", ">Number")
    for it in found:
        table.add_row(it.way, Text(it.whom), it.trigger, it.state, f"{it.number:,}")
    out.print(table)
