"""The card for a person."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from services.cli.output import console
from services.cli.programs.printing import table_of
from services.cli.show.words import MANUALLY, UNDONE, duration, instant, named, points
from services.cli.tables import plain
from services.views.cards.card import ActivityCard, Card, CourseCard
from services.views.events_log import Entry

_STATUS = {
    "completed": ("✓", "green"),
    "in progress": ("…", "yellow"),
    "locked": ("✗", "dim"),
    "open": (" ", ""),
}
_COURSE = {"completed": "green", "not_completed": "yellow", "not_started": "dim"}


def show(card: Card, when: str | None) -> None:
    """Print it; ``when`` says which past it is."""
    out = console()
    out.print(_heading(card))
    if when is not None:
        out.print(Text(when, style="italic"))
    for course in card.courses:
        out.print()
        out.print(Text("── "), _title(course), Text("─" * 6), sep="")
        out.print(_indented(_figures(course)))
        for part in (_activities(course), *_rest(card, course)):
            out.print()
            out.print(_indented(part))
    if card.programs:
        out.print()
        out.print(table_of(card.programs))


def _indented(part: RenderableType) -> Padding:
    return Padding(part, (0, 0, 0, 3), expand=False)


def _heading(card: Card) -> Text:
    person = card.people.get(card.learner)
    text = Text(named(card.learner, card.people), style="bold")
    text.append(f"  {card.school}", style="not bold")
    if person is not None:
        rest = [person.email or "", *(f"#{tag}" for tag in person.tags)]
        text.append("  " + "  ".join(filter(None, rest)), style="not bold dim")
    else:
        text.append("  not in the directory", style="not bold dim")
    return text


def _title(card: CourseCard) -> Text:
    line = card.line
    title = card.course.structure.title if card.course is not None else None
    text = Text(f"{title} ({line.course})" if title else line.course, style="bold", end="")
    text.append(f"  {line.progress_rate:g} %  ", style="not bold")
    text.append(line.status.replace("_", " "), style=f"not bold {_COURSE[line.status]}")
    if line.manually_completed:
        text.append(f"  {MANUALLY}", style="not bold magenta")
    if not line.enrolled:
        text.append("  not enrolled", style="not bold red")
    return text.append(" ")


def _figures(card: CourseCard) -> Text:
    line = card.line
    parts = [
        f"attempt {line.attempt}",
        f"{line.completed_required} of {line.required} required activities",
        f"enrolled {instant(line.enrolled_at)}" if line.enrolled_at else "",
        f"average score {line.average_score:.2f}" if line.average_score is not None else "",
        f"time {duration(line.time_spent)}" if line.time_spent else "",
        f"in all attempts {duration(line.time_spent_ever)}"
        if line.time_spent_ever != line.time_spent
        else "",
        f"completed {instant(line.completed_at)}, {line.provenance}" if line.completed_at else "",
        _due(card),
        f"structure {line.structure_version}" if line.structure_version else "no structure yet",
    ]
    return Text(" · ".join(filter(None, parts)), style="dim")


def _due(card: CourseCard) -> str:
    """When the completion has to be renewed, and by which schedule (B12)."""
    if card.due is None:
        return ""
    return f"{card.due.word} {instant(card.due.at)} ({card.due.schedule})"


def _activities(card: CourseCard) -> Table:
    table = plain("", "Activity", "Type", "Status", ">Score", ">Time", "Completed", "Label")
    section = None
    for it in card.activities:
        if it.section is not section:
            section = it.section
            table.add_row("", Text(_section(section), style="bold"))
        table.add_row(*_activity(it))
    return table


def _section(section: object) -> str:
    if section is None:
        return "No longer in the course"
    return str(getattr(section, "title", None) or getattr(section, "section", ""))


def _activity(it: ActivityCard) -> Iterator[Text]:
    line, status = it.line, _status(it)
    mark, style = _STATUS[status.partition(",")[0]]
    about = it.about
    name = f"  {about.title} ({it.activity})" if about and about.title else f"  {it.activity}"
    kind = "" if about is None else about.type + ("" if about.required else ", optional")
    yield Text(mark, style=style)
    yield Text(name)
    yield Text(kind, style="dim")
    yield Text(status, style=style)
    yield Text(points(line.score) if line else "")
    yield Text(duration(line.time_spent) if line else "")
    yield Text(instant(line.completed_at) if line else "")
    yield Text(_label(it), style="magenta")


def _status(it: ActivityCard) -> str:
    shut = ", locked" if it.locked else ""
    if it.line is not None and it.line.provenance is not None:
        return f"completed{shut}"
    if it.line is not None and it.line.recorded:
        return f"in progress{shut}"
    return "locked" if it.locked else "open"


def _label(it: ActivityCard) -> str:
    if it.line is None or it.line.provenance in {None, "earned"}:
        return ""
    return MANUALLY if it.line.manually_completed else str(it.line.provenance)


def _rest(card: Card, course: CourseCard) -> Iterator[Table]:
    if course.attempts:
        yield _attempts(course)
    if course.history:
        yield _history(card, course)


def _attempts(card: CourseCard) -> Table:
    columns = "Earlier attempt", "Status", ">Score", ">Time", "Completed", "Closed", "Label"
    table = plain(*columns)
    for it in card.attempts:
        table.add_row(
            str(it.attempt),
            it.status.replace("_", " "),
            points(it.average_score),
            duration(it.time_spent),
            instant(it.completed_at),
            instant(it.closed_at),
            Text(MANUALLY if it.manually_completed else "", style="magenta"),
        )
    return table


def _history(card: Card, course: CourseCard) -> Table:
    table = plain("History", "What", "Who", "Why", "Label")
    for it in course.history:
        what = it.type.split(".")[2].replace("_", " ")
        about = ", ".join(it.activities or ())
        due = f"due {instant(it.due_at)}" if it.due_at else ""
        figures = [points(it.score), duration(it.seconds or 0), due]
        late = "" if it.effective_at == it.recorded_at else f"as of {instant(it.effective_at)}"
        why = " ".join(filter(None, [it.reason, it.note and f"“{it.note}”", late]))
        table.add_row(
            instant(it.recorded_at),
            Text(" ".join(filter(None, [what, about, *figures]))),
            Text(named(it.actor, card.people) or it.source),
            Text(why),
            Text(" ".join(_labels(it)), style="magenta"),
        )
    return table


def _labels(it: Entry) -> Iterator[str]:
    if it.manually:
        yield MANUALLY
    if it.undone:
        yield UNDONE
