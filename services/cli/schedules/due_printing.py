"""A page of due dates for a person, and for programs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from rich.text import Text

from services.cli.output import console
from services.cli.show.words import instant, named
from services.cli.tables import plain
from services.store.people import Person
from services.views.due.paging import Due
from services.views.due.reading import DuePage


class Shown(NamedTuple):
    """A page as of ``now``; ``people`` are those of its learners whom the directory knows."""

    page: DuePage
    people: Mapping[str, Person]
    before: datetime
    now: datetime


def shaped(shown: Shown) -> dict[str, Any]:
    """The page for programs."""
    return {"due": [_line(it, shown) for it in shown.page.found], "next": shown.page.next}


def show(shown: Shown) -> None:
    """Print a line for each, then how to go on."""
    out = console()
    if not shown.page.found:
        out.print(Text(f"Nobody falls due before {instant(shown.before)} UTC.", style="bold"))
        return
    table = plain("Due (UTC)", "", "Learner", "Course", "Completed", ">Attempt", "Schedule")
    for it in shown.page.found:
        overdue = Text("overdue" if it.at <= shown.now else "", style="red")
        who = Text(named(it.learner, shown.people))
        completed = instant(it.completed_at)
        table.add_row(
            *(instant(it.at), overdue, who, Text(it.course), completed, str(it.attempt)),
            Text(it.schedule),
        )
    out.print(table)
    if shown.page.next is not None:
        same = f"the same with --before {shown.before:%Y-%m-%dT%H:%M:%S}Z"
        out.print(Text(f"More: {same} --after {shown.page.next}", style="dim"))


def _line(due: Due, shown: Shown) -> dict[str, Any]:
    person = shown.people.get(due.learner)
    return {
        "due_at": due.at,
        "overdue": due.at <= shown.now,
        "learner": due.learner,
        "name": None if person is None else person.name,
        "email": None if person is None else person.email,
        "course": due.course,
        "completed_at": due.completed_at,
        "attempt": due.attempt,
        "schedule": due.schedule,
    }
