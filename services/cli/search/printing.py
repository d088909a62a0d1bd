"""A page for a person."""

from rich.table import Table
from rich.text import Text

from services.cli.output import console
from services.cli.show.words import MANUALLY, instant
from services.cli.tables import plain
from services.views.search.port import Completion, Count, Found, Page, Record


def show(page: Page) -> None:
    """Print the learners, a line for each record, then how many there are and how to go on."""
    out = console()
    if page.found:
        table = plain(
            *("Learner", "E-mail", "Course", "Status", ">Progress", ">Attempt"),
            *("Completed", "Last active", "Label"),
        )
        for found in page.found:
            _add(table, found)
        out.print(table)
        out.print()
    out.print(_count(page.total))
    if page.next is not None:
        out.print(Text(f"More: the same with --after {page.next}", style="dim"))


def _add(table: Table, found: Found) -> None:
    who = Text(found.learner if found.name is None else f"{found.name} ({found.learner})")
    for record in found.records or (None,):
        table.add_row(who, Text(found.email or "", style="dim"), *_cells(record))
        who = Text("")
        found = found._replace(email=None)


def _cells(record: Record | None) -> list[Text]:
    if record is None:
        return []
    ended = "" if record.enrolled else ", not enrolled"
    return [
        Text(record.course),
        Text(f"{record.status.replace('_', ' ')}{ended}"),
        Text(f"{record.progress_rate:g} %"),
        Text(str(record.attempt)),
        Text(", ".join(_completion(it) for it in record.completions)),
        Text("" if record.active_on is None else f"{record.active_on}"),
        Text(MANUALLY if any(it.manually for it in record.completions) else "", style="magenta"),
    ]


def _completion(completion: Completion) -> str:
    return f"{instant(completion.completed_at)} (attempt {completion.attempt})"


def _count(total: Count) -> Text:
    if not total.exact:
        return Text(f"More than {total.learners:,} learners.", style="bold")
    return Text(f"{total.learners:,} learner{'' if total.learners == 1 else 's'}.", style="bold")
