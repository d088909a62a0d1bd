"""A page of due dates for a person, and for programs."""

from datetime import datetime
from typing import Any

from rich.text import Text

from services.cli.output import console
from services.cli.show.words import instant
from services.cli.stack.schedules.port import Dues
from services.cli.tables import plain


def shaped(dues: Dues) -> dict[str, Any]:
    """The page for programs."""
    return {"due": [dict(it) for it in dues.found], "next": dues.next}


def show(dues: Dues, before: datetime) -> None:
    """Print a line for each, then how to go on; ``before``: as it was asked for."""
    out = console()
    if not dues.found:
        out.print(Text(f"Nobody falls due before {instant(before)} UTC.", style="bold"))
        return
    table = plain("Due (UTC)", "", "Learner", "Course", "Completed", ">Attempt", "Schedule")
    for it in dues.found:
        overdue = Text("overdue" if it.overdue else "", style="red")
        who = Text(it.learner if it.name is None else f"{it.name} ({it.learner})")
        completed = instant(it.completed_at)
        table.add_row(
            *(instant(it.due_at), overdue, who, Text(it.course), completed, str(it.attempt)),
            Text(it.schedule),
        )
    out.print(table)
    if dues.next is not None:
        same = f"the same with --before {before:%Y-%m-%dT%H:%M:%S}Z"
        out.print(Text(f"More: {same} --after {dues.next}", style="dim"))
