"""What the options of ``choosing`` mean."""

import re
from collections.abc import Collection
from datetime import datetime, time
from typing import NamedTuple, cast

import typer

from services.cli.show.moment import moment
from services.store.records import ORIGIN, Position
from services.store.selection import Clock, Wanted, types

_POSITION = re.compile(r"\d{1,19}:\d{1,19}")


class Chosen(NamedTuple):
    """What is wanted, behind which position, up to which; none: to the end of the log."""

    wanted: Wanted
    after: Position
    until: Position | None


def chosen(
    school: str | None,
    course: str | None,
    names: Collection[str] | None,
    span: tuple[str | None, str | None] = (None, None),
    by: str = "recorded",
) -> Chosen:
    """What the options mean; ``span``: from, until.

    Raises:
        BadParameter: one of them cannot be read.
        SelectionError: there is no such type.
    """
    if course is not None and school is None:
        raise typer.BadParameter("name the school of the course.", param_hint="--school")
    if by not in {"recorded", "effective"}:
        raise typer.BadParameter("recorded or effective.", param_hint="--by")
    since, after = _bound(span[0], time.min, "--from")
    until, last = _bound(span[1], time.max, "--until")
    wanted = Wanted(school, course, types(names or ()), since, until, cast("Clock", by))
    return Chosen(wanted, ORIGIN if after is None else _before(after), last)


def position(text: str, option: str) -> Position:
    """A position as the commands print it.

    Raises:
        BadParameter: it is none.
    """
    if _POSITION.fullmatch(text) is None:
        raise typer.BadParameter("a position such as 812:4711.", param_hint=option)
    return Position.parse(text)


def _bound(
    text: str | None, of_a_day: time, option: str
) -> tuple[datetime | None, Position | None]:
    """A date or a position, or neither."""
    if text is None:
        return None, None
    if _POSITION.fullmatch(text):
        return None, Position.parse(text)
    try:
        return moment(text, of_a_day), None
    except ValueError:
        raise typer.BadParameter(
            "a day, an instant such as 2024-05-01T09:30:00Z, or a position such as 812:4711.",
            param_hint=option,
        ) from None


def _before(found: Position) -> Position:
    """A place behind which the event at the position comes first."""
    return found._replace(notification_id=found.notification_id - 1)
