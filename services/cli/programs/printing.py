"""Learning programmes as tables, or as JSON lines."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from services.cli.output import console, write_json
from services.cli.show.words import MANUALLY, instant
from services.cli.tables import plain
from services.views.programs import LearnerProgramLine, ProgramLine

SHOWN = 3
"""Missing courses that are named."""


def of_school(lines: Sequence[ProgramLine], *, as_json: bool) -> None:
    """A line for each programme."""
    if as_json:
        _json(lines)
        return
    table = plain("Programme", ">Version", ">Courses", ">Required", ">Completed by", "Published")
    for it in lines:
        numbers = (it.version, it.courses, it.required, it.completed)
        shown = (f"{number:,}" for number in numbers)
        table.add_row(_named(it.program, it.title), *shown, instant(it.published_at))
    console().print(table)


def of_learner(lines: Sequence[LearnerProgramLine], *, as_json: bool) -> None:
    """A line for each programme that the learner has begun or completed."""
    if as_json:
        _json(lines)
    else:
        console().print(table_of(lines))


def table_of(lines: Sequence[LearnerProgramLine]) -> Table:
    """How far the learner is: courses complete now, and the programme's own completion."""
    table = plain("Learning programme", ">Courses", "Missing", "Completed", "Label")
    for it in lines:
        missing = ", ".join(it.missing[:SHOWN]) + (", …" if len(it.missing) > SHOWN else "")
        table.add_row(
            _named(it.program, it.title),
            Text(f"{it.completed} of {it.required}"),
            Text(missing, style="dim"),
            Text(instant(it.completed_at), style="green"),
            Text(_label(it), style="magenta"),
        )
    return table


def _label(it: LearnerProgramLine) -> str:
    if it.provenance in {None, "earned"}:
        return ""
    return MANUALLY if it.manually_completed else str(it.provenance)


def _json(lines: Sequence[ProgramLine | LearnerProgramLine]) -> None:
    for it in lines:
        write_json(it._asdict())


def _named(program: str, title: str | None) -> Text:
    return Text(f"{title} ({program})" if title else program)
