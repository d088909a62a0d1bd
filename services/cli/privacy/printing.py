"""What an erasure finds, does and leaves, for a person or as JSON."""

from collections.abc import Sequence
from datetime import datetime

from rich.text import Text

from services.cli.output import console, write_json
from services.cli.stack.privacy.port import Left
from services.cli.tables import plain
from services.privacy.erasing import Done
from services.privacy.holdings import Holdings
from services.privacy.who import Who
from services.store.erasures import Erasure

_STEPS = {
    "recorded": "Gone: the directory's row, what waited to be mailed, the suppression of e-mails.",
    "topics": "Tombstones on Kafka: {:,}, one in the directory, one for each course.",
    "answers": "Receivers' answers emptied: {:,}.",
    "files": "E-mails removed from the folder: {:,}.",
    "ended": "Erased.",
    "under_way": "E-mails that are being sent at this moment: {:,}; run it again in a few minutes.",
}


def found(who: Who, had: Holdings, before: Erasure | None) -> None:
    """What there is, and what will become of it."""
    out = console()
    if before is not None:
        state = "was erased" if before.ended_at else "began to be erased"
        out.print(Text(f"{who.user} of {who.school} {state} on {_minute(before.begun_at)}; again:"))
    table = plain("What there is", ">Number", "What becomes of it")
    for what, number, becomes in (
        ("directory record", int(had.directory), "gone; a tombstone on coursemark.directory.v1"),
        ("courses", had.courses, "tombstones on coursemark.progress.v1; views keep ids"),
        ("events", had.events, "stay: ids and marks, no name"),
        ("e-mails on record", had.mails, "ids stay; answers and files are removed"),
        ("e-mails that wait", had.mails_waiting, "are not sent"),
        ("e-mails suppressed", int(had.suppressed), "gone"),
        ("webhook deliveries", had.deliveries, "ids stay"),
        ("answers of receivers", had.answers, "emptied"),
        ("rows of operations", had.operation_rows, "ids stay"),
        ("notes", had.notes, "stay: no personal data is in them"),
    ):
        table.add_row(what, f"{number:,}", becomes)
    out.print(table)


def step(done: Done) -> None:
    """One that is done."""
    console().print(Text(_STEPS[done.step].format(done.number)))


def left(left: Left) -> None:
    """What could not be erased at once."""
    out = console()
    out.print(Text("\nWhat is left, and until when:"))
    table = plain("Where", "What", "Until")
    for it in left.remaining:
        table.add_row(*map(Text, it))
    out.print(table)
    for name in left.searches:
        out.print(Text(f"The saved search {name} may name them by its words: look at it."))


def as_json(had: Holdings, steps: Sequence[Done], left: Left) -> None:
    """One object."""
    record = left.record
    write_json(
        {
            "erasure": record and record._asdict(),
            "found": had._asdict(),
            "steps": [it._asdict() for it in steps],
            "left": [it._asdict() for it in left.remaining],
            "saved_searches": list(left.searches),
        }
    )


def erasures(all_: Sequence[Erasure], *, as_json: bool) -> None:
    """A row, or an object, for each."""
    if as_json:
        for it in all_:
            write_json(it._asdict())
        return
    table = plain("User", "Begun (UTC)", "Ended (UTC)", "By", "Reason")
    for it in all_:
        ended = "run it again" if it.ended_at is None else _minute(it.ended_at)
        table.add_row(*map(Text, (it.user, _minute(it.begun_at), ended, it.actor, it.reason)))
    console().print(table)


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
