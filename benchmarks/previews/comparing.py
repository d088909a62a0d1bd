"""Counts side by side: the same, or the difference and why. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rich.table import Table

from benchmarks.previews.counting import Counts, place


class Why(NamedTuple):
    """A reason for ``by`` more than were foreseen, or fewer."""

    by: int
    words: str


Reasons = Mapping[str, Sequence[Why]]
"""Of a count."""


class Line(NamedTuple):
    """A count, foreseen and happened; ``why`` it is another."""

    what: str
    foreseen: int
    happened: int
    why: Sequence[Why]

    @property
    def is_explained(self) -> bool:
        """Whether it is the same, or as many more or fewer as there are reasons for."""
        return self.happened - self.foreseen == sum(it.by for it in self.why)

    @property
    def verdict(self) -> str:
        """For a person."""
        reasons = "; ".join(f"{it.by:+,}: {it.words}" for it in self.why if it.by)
        if not self.is_explained:
            return f"DIFFERS by {self.happened - self.foreseen:+,} {reasons}".rstrip()
        return reasons or "the same"


def compared(foreseen: Counts, happened: Counts, reasons: Reasons) -> list[Line]:
    """A line for each count of either, in the order of the counts; none for what nobody has."""
    names = sorted(foreseen.keys() | happened.keys() | reasons.keys(), key=place)
    lines = [Line(it, foreseen[it], happened[it], reasons.get(it, ())) for it in names]
    return [it for it in lines if it.foreseen or it.happened or not it.is_explained]


def merged(*several: Mapping[str, Why]) -> Reasons:
    """Reasons of several kinds, by what they are of."""
    found: dict[str, list[Why]] = {}
    for reasons in several:
        for name, why in reasons.items():
            found.setdefault(name, []).append(why)
    return found


def table(title: str, told: Iterable[tuple[Line, Line | None, str]]) -> Table:
    """Of each count: as an operation, as ``coursemark`` foresaw it, and from where it is known."""
    made = Table(
        *("", "foreseen", "by command", "happened", "read from"),
        title=title,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
    )
    made.add_column("")
    for column in made.columns[1:4]:
        column.justify = "right"
    for line, command, source in told:
        verdict = line.verdict
        if command is not None and command.verdict != verdict:
            verdict += f" (by command {command.verdict})"
        by_command = 0 if command is None else command.foreseen
        numbers = (f"{it:,}" for it in (line.foreseen, by_command, line.happened))
        made.add_row(line.what, *numbers, source, verdict)
    return made
