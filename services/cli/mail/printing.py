"""E-mails and templates for a person, or for programs."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from services.cli.output import console, write_json
from services.mailer.administration import MailRow
from services.mailer.overrides import Override
from services.mailer.rendering import Rendered


def as_table(found: Sequence[MailRow]) -> None:
    """The newest first."""
    if not found:
        console().print("No such e-mails.")
        return
    table = Table("Mail", "School", "Recipient", "About", "State", "Code", box=None, pad_edge=False)
    table.add_column("Since (UTC)")
    for it in found:
        since = f"{it.changed_at:%Y-%m-%d %H:%M:%S}"
        row = (it.school, it.recipient, _about(it), it.state, it.code or "", since)
        table.add_row(str(it.id), *map(Text, row))
    console().print(table)


def as_json(found: Sequence[MailRow]) -> None:
    """A line for each."""
    for it in found:
        write_json(it._asdict() | {"id": str(it.id), "unsubscribe": str(it.unsubscribe)})


def one(found: MailRow) -> None:
    """Everything about one."""
    table = Table.grid(padding=(0, 2))
    for name, value in found._asdict().items():
        if value is not None:
            table.add_row(Text(name.replace("_", " "), style="bold"), Text(str(value)))
    console().print(table)


def templates(found: Sequence[Override], languages: Sequence[str]) -> None:
    """A school's templates, and what there is besides."""
    table = Table("Kind", "Language", "Changed (UTC)", "Problem", box=None, pad_edge=False)
    for it in found:
        changed = f"{it.changed_at:%Y-%m-%d %H:%M:%S}"
        table.add_row(*map(Text, (it.kind, it.language, changed, it.problem or "")))
    if found:
        console().print(table)
    console().print(f"Packaged, for all others: {', '.join(languages)}.")


def templates_as_json(found: Sequence[Override]) -> None:
    """A line for each."""
    for it in found:
        write_json(it._asdict() | {"template": it.template._asdict()})


def rendered(found: Rendered) -> None:
    """As it would be sent."""
    console().print(Text(f"Subject: {found.subject}\n\n{found.text}\n\n{found.html}"))


def _about(it: MailRow) -> str:
    return f"{it.course}, attempt {it.attempt}" if it.course else it.kind
