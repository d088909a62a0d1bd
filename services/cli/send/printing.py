"""Outcomes as a table, or as JSON lines."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from rich.table import Table

from services.cli.output import console, write_json
from services.cli.running import Advance
from services.cli.send.outcomes import Kind, Outcome

LISTED = 50
"""Outcomes up to which each has a row of its own; of more, only what went wrong."""

STYLES: dict[Kind, str] = {
    "accepted": "green",
    "rejected": "yellow",
    "previewed": "cyan",
    "sent": "green",
    "not_sent": "red",
    "no_result": "red",
}

_FINE = {"accepted", "sent", "previewed"}


class Tally:
    """Counts outcomes, keeps those to be listed, and moves the bar."""

    def __init__(self, advance: Advance, *, as_json: bool) -> None:
        self._advance = advance
        self._as_json = as_json
        self._counts: Counter[tuple[str, Kind, str]] = Counter()
        self._first: list[Outcome] = []
        self._wrong: list[Outcome] = []
        self.kinds: Counter[Kind] = Counter()

    def tell(self, outcome: Outcome) -> None:
        """One more."""
        self._advance(1)
        self.kinds[outcome.kind] += 1
        self._counts[outcome.type or "?", outcome.kind, outcome.code or ""] += 1
        if self._as_json:
            write_json({k: v for k, v in outcome._asdict().items() if v is not None})
            return
        if len(self._first) <= LISTED:
            self._first.append(outcome)
        if outcome.kind not in _FINE and len(self._wrong) < LISTED:
            self._wrong.append(outcome)

    def print(self) -> None:
        """The table, for a person."""
        if self._as_json:
            return
        if self.kinds.total() <= LISTED:
            console().print(_listed(self._first))
            return
        if self._wrong:
            console().print(_listed(self._wrong))
            console().print()
        console().print(self._summary())

    def _summary(self) -> Table:
        table = _table("Type", "Outcome", "Code", "Lines")
        for (type_, kind, code), count in sorted(self._counts.items()):
            table.add_row(type_, kind, code, f"{count:,}", style=STYLES[kind])
        return table


def _listed(outcomes: list[Outcome]) -> Table:
    table = _table("Line", "Type", "Learner", "Course", "Outcome", "What")
    for it in sorted(outcomes, key=lambda outcome: outcome.line):
        row = (it.type, it.learner, it.course)
        table.add_row(str(it.line), *(text or "" for text in row), _kind(it), _what(it))
    return table


def _kind(outcome: Outcome) -> str:
    return f"[{STYLES[outcome.kind]}]{outcome.code or outcome.kind}[/]"


def _what(outcome: Outcome) -> str:
    """Events and skipped activities of what was accepted; a sentence for the rest."""
    from rich.markup import escape

    if outcome.result is None or outcome.code is not None:
        return escape(outcome.message or "")
    names = Counter(event["type"].split(".")[2] for event in outcome.result.get("events", ()))
    parts = [name if count == 1 else f"{count} {name}" for name, count in names.items()]
    skipped = Counter(it["code"] for it in outcome.result.get("skipped", ()))
    parts += [f"{count} skipped: {code}" for code, count in skipped.items()]
    done = ", ".join(parts) or "nothing to do: as it stood already"
    return escape(done if outcome.kind != "previewed" else _would(done, outcome.result))


def _would(done: str, result: Mapping[str, Any]) -> str:
    """Of a preview, what the activities' locks and the world outside would see of it too."""
    locked = [f"stays locked: {', '.join(result['locked'])}"] if result.get("locked") else []
    return "; ".join([f"would be {done}", *locked, effects(result["effects"])])


def effects(numbers: Mapping[str, int]) -> str:
    """``1 e-mail, 2 webhooks, 0 Zaps``."""
    names = {"emails": "e-mail", "webhooks": "webhook", "zaps": "Zap"}
    return ", ".join(
        f"{numbers.get(key, 0):,} {name}{'' if numbers.get(key, 0) == 1 else 's'}"
        for key, name in names.items()
    )


def _table(*columns: str) -> Table:
    return Table(*columns, box=None, pad_edge=False)
