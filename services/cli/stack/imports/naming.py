"""What a file is called at an API: by the operation, how it is read, and all that is in it.

The same command after a lost answer finds by it what it sent before.
"""

from hashlib import sha256
from typing import BinaryIO, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from contracts.api.imports import ImportChoices
from services.cli.imports.options import Asked

_PIECE = 1_000_000


class Named(NamedTuple):
    """The import's id, and the file's bytes."""

    id: str
    size: int


def named(stream: BinaryIO, wanted: Asked, operation: str, choices: ImportChoices) -> Named:
    """Leaves the stream at its end."""
    content = sha256()
    stream.seek(0)
    while piece := stream.read(_PIECE):
        content.update(piece)
    what = "check" if wanted.check else f"dry_run={wanted.how.dry_run}"
    said = f"{operation}/{what}/{content.hexdigest()}/{choices.to_json().decode()}"
    return Named(str(uuid5(NAMESPACE_URL, f"coursemark:import:{said}")), stream.tell())


def choices_of(wanted: Asked) -> ImportChoices:
    """How it is read, as the API is told."""
    choices, reading = wanted.choices, wanted.reading
    return ImportChoices(
        encoding=reading.encoding,
        delimiter=reading.delimiter,
        sheet=reading.sheet,
        dates=choices.dates,
        timezone=choices.zone.key,
        complete=choices.complete,
        enroll=choices.enroll,
        create_users=choices.create_users,
        add_tags=choices.add_tags,
        ignore_columns=choices.ignore_columns,
        reason=choices.reason,
        note=choices.note,
    )
