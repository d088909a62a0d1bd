"""Endpoints, deliveries and attempts for a person, or for programs."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rich.table import Table
from rich.text import Text

from services.cli.output import console, write_json
from services.webhooks.deliveries import Attempt, Delivery, answer
from services.webhooks.endpoints import Endpoint


def endpoints(found: Sequence[Endpoint]) -> None:
    """A line for each."""
    if not found:
        console().print("No endpoints.")
        return
    table = Table("Endpoint", "Kind", "State", "Gets", "URL", box=None, pad_edge=False)
    for it in found:
        table.add_row(*map(Text, (it.endpoint, it.kind, _state(it), _gets(it), it.url)))
    console().print(table)


def endpoint(found: Endpoint, counts: Mapping[str, int]) -> None:
    """Everything but its secrets."""
    table = Table.grid(padding=(0, 2))
    for name, value in (found._asdict() | {f"{it} messages": counts[it] for it in counts}).items():
        if value is not None:
            table.add_row(Text(name.replace("_", " "), style="bold"), Text(_shown(value)))
    console().print(table)


def deliveries(found: Sequence[Delivery]) -> None:
    """The newest first."""
    if not found:
        console().print("No such messages.")
        return
    table = Table("Message", "Trigger", "Learner", "State", box=None, pad_edge=False)
    for name in ("Attempts", "Code", "Since (UTC)", "Next (UTC)"):
        table.add_column(name)
    for it in found:
        following = "" if it.next_at is None else _when(it.next_at)
        texts = it.message, it.trigger, it.learner, it.state, str(it.attempts), it.code or ""
        table.add_row(*map(Text, (*texts, _when(it.changed_at), following)))
    console().print(table)


def attempts(found: Sequence[Attempt]) -> None:
    """The first one first."""
    if not found:
        console().print("No attempts yet.")
        return
    table = Table("At (UTC)", "Status", "Code", "ms", "Answer", box=None, pad_edge=False)
    for it in found:
        texts = _when(it.at), str(it.status or ""), it.code or "", str(it.milliseconds)
        table.add_row(*map(Text, (*texts, answer(it))))
    console().print(table)


def as_json(found: Sequence[Endpoint | Delivery | Attempt]) -> None:
    """A line for each."""
    for it in found:
        shown = it._asdict()
        write_json(shown | {"answer": answer(it)} if isinstance(it, Attempt) else shown)


def _state(it: Endpoint) -> str:
    return it.state if it.cause is None else f"{it.state} ({it.cause})"


def _gets(it: Endpoint) -> str:
    parts = [",".join(it.triggers) if it.triggers else "all"]
    if it.courses is not None:
        parts.append(f"of {','.join(it.courses)}")
    if it.completions != "all":
        parts.append(it.completions.replace("_", " "))
    return ", ".join(parts)


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return _when(value)
    return ", ".join(value) if isinstance(value, list) else str(value)


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
