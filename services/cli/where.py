"""``coursemark where``: the addresses of what runs."""

from contextlib import suppress
from enum import StrEnum
from typing import Annotated

import typer

from services.cli.options import Json, with_settings
from services.runtime.settings import Settings


class What(StrEnum):
    """What can be asked for."""

    KAFKA = "kafka"
    DATABASE = "database"
    API = "api"
    ZAPIER = "zapier"


@with_settings
def where(
    settings: Settings,
    *,
    what: Annotated[
        What | None, typer.Argument(help="This address alone, with nothing beside it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show where Kafka, PostgreSQL, the API and Zapier's side listen; passwords are masked."""
    from services.cli.output import console, write_json

    found = _all(settings) if what is None else {what.value: _address(settings, what)}
    if as_json:
        write_json(found)
    elif what:
        typer.echo(found[what.value])
    else:
        for name, address in found.items():
            console().print(f"{name:<10} {address}", markup=False, highlight=False)


def _all(settings: Settings) -> dict[str, str]:
    """Of the parts that listen for HTTP those that are there."""
    from services.runtime.addresses import NotRunningError

    found = {it.value: _address(settings, it) for it in (What.KAFKA, What.DATABASE)}
    for side in (What.API, What.ZAPIER):
        with suppress(NotRunningError):
            found[side.value] = _address(settings, side)
    return found


def _address(settings: Settings, what: What) -> str:
    from services.runtime.addresses import find_database, find_kafka, find_side
    from services.runtime.settings import masked

    match what:
        case What.KAFKA:
            return find_kafka(settings)
        case What.DATABASE:
            return masked(find_database(settings))
        case What.API:
            return find_side(settings, "api")
        case What.ZAPIER:
            return find_side(settings, "zapier")
