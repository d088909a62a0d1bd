"""Cells as values. Pure; each function raises ``Flaw`` where a cell cannot be used."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from contracts.fields import EPOCH, Label, Reason, Text
from contracts.fields import Email as EmailField
from services.imports.problems import Flaw
from services.imports.table import Cell, Flawed

Order = Literal["dmy", "mdy", "ymd"]
"""The order of day, month and year in dates such as 31/12/2025."""

_REASONS: frozenset[str] = frozenset(get_args(get_args(Reason)[0]))
_YES = frozenset({"yes", "y", "true", "1", "x"})
_NO = frozenset({"no", "n", "false", "0"})
_SCORE = re.compile(r"\d{1,3}(?:[.,]\d+)?\s*%?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?.*)?")
_COMMON = re.compile(
    r"(\d{1,4})([/.\-])(\d{1,2})\2(\d{1,4})"
    r"(?:[T, ]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?)?"
)
_PLACES: dict[Order, tuple[int, int, int]] = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}
"""Where year, month and day stand."""
_SEPARATORS = re.compile(r"[|;,]")
_note: TypeAdapter[str] = TypeAdapter(Text)
_email: TypeAdapter[str] = TypeAdapter(EmailField)
_label: TypeAdapter[str] = TypeAdapter(Label)
_NOON = 12


def text(cell: Cell) -> str:
    """The cell as text, empty for none."""
    if isinstance(cell, Flawed):
        raise Flaw(cell.code, cell.message)
    if isinstance(cell, date):
        raise Flaw("not_text", "is a date; make the column text and write it again")
    return cell


def several(cell: Cell) -> tuple[str, ...]:
    """Values parted by |, ; or a comma, each once."""
    parts = (part.strip() for part in _SEPARATORS.split(text(cell)))
    return tuple(dict.fromkeys(filter(None, parts)))


def tags(cell: Cell) -> tuple[str, ...]:
    """Labels of a user."""
    found = several(cell)
    for tag in found:
        _fits(_label, tag, "bad_tag", "has a tag of more than 200 characters; shorten it")
    return found


def email(cell: Cell) -> str:
    """An e-mail address, empty for none."""
    found = text(cell)
    if found:
        _fits(_email, found, "bad_email", "is no e-mail address; write one like ada@example.org")
    return found


def label(cell: Cell) -> str:
    """A name, empty for none."""
    found = text(cell)
    if found:
        _fits(_label, found, "name_too_long", "has more than 200 characters; shorten it")
    return found


def note(cell: Cell) -> str | None:
    """Free text for the log."""
    found = text(cell)
    _fits(_note, found, "note_too_long", "has more than 2,000 characters; shorten it")
    return found or None


def truth(cell: Cell) -> bool | None:
    """Yes or no."""
    found = text(cell).lower()
    if found in _YES or found in _NO:
        return found in _YES
    if found:
        raise Flaw("not_yes_or_no", "is neither yes nor no; write one of them, or nothing")
    return None


def score(cell: Cell) -> float | None:
    """0 to 100 points, with a point or a comma, with or without a per cent sign."""
    found = text(cell)
    if not found:
        return None
    number = float("nan")
    if _SCORE.fullmatch(found):
        number = float(found.rstrip("% ").replace(",", "."))
    elif re.fullmatch(r"-?\d+(?:[.,]\d+)?\s*%?", found):
        number = -1.0
    if number != number:  # noqa: PLR0124 - as IEEE 754 has it
        raise Flaw("not_a_number", "is no number; write 0 to 100 points")
    if not 0 <= number <= 100:  # noqa: PLR2004 - the field's own limits
        raise Flaw("score_out_of_range", "is not within 0 to 100 points; correct it")
    return number


def reason(cell: Cell) -> Reason | None:
    """One of the codes, with spaces or underlines."""
    found = text(cell).lower().replace(" ", "_").replace("-", "_")
    if not found:
        return None
    if found not in _REASONS:
        raise Flaw("unknown_reason", f"is no reason; write one of {', '.join(sorted(_REASONS))}")
    return found  # type: ignore[return-value]  # one of them


def moment(cell: Cell, order: Order | None, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When it was, in UTC: a day is its beginning in the zone."""
    if isinstance(cell, datetime):
        found = cell
    elif isinstance(cell, date) and not isinstance(cell, Flawed):
        found = datetime.combine(cell, time())
    else:
        written = text(cell)
        if not written:
            return None
        found = _written(written, order)
    try:
        at = (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise _no_date() from None
    if at < EPOCH:
        raise Flaw("date_too_early", "lies before 1970; write the day it happened")
    if at > now:
        raise Flaw("date_in_future", "lies in the future; write the day it happened")
    return at


@lru_cache(maxsize=20_000)
def _written(written: str, order: Order | None) -> datetime:
    if _ISO.fullmatch(written):
        try:
            return datetime.fromisoformat(written.replace(",", "."))
        except ValueError:
            raise _no_date() from None
    match = _COMMON.fullmatch(written)
    if match is None:
        raise _no_date()
    numbers = match[1], match[3], match[4]
    clock = _clock(match[5], match[6], match[7], match[8])
    found = dict(_readings(numbers))
    if order is not None:
        found = {order: found[order]} if order in found else {}
    days = sorted(set(found.values()))
    if not days:
        raise _no_date()
    if len(days) > 1:
        ways = " or ".join(f"{day} ({way})" for way, day in found.items())
        raise Flaw("date_ambiguous", f"reads as {ways}; say with --dates which is meant")
    return datetime.combine(days[0], clock)


def _readings(numbers: tuple[str, str, str]) -> Iterator[tuple[Order, date]]:
    """Every way to read it that is a day; a year has four digits."""
    for order, (year, month, day) in _PLACES.items():
        long = [len(number) > 2 for number in numbers]  # noqa: PLR2004 - days and months have two
        if len(numbers[year]) == 4 and long.count(True) == 1:  # noqa: PLR2004
            try:
                yield order, date(*(int(numbers[place]) for place in (year, month, day)))
            except ValueError:
                continue


def _clock(hour: str | None, minute: str, second: str | None, half: str | None) -> time:
    if hour is None:
        return time()
    hours = int(hour)
    if half is not None:
        if not 1 <= hours <= _NOON:
            raise _no_date()
        hours = hours % _NOON + (_NOON if half.lower() == "pm" else 0)
    try:
        return time(hours, int(minute), int(second or 0))
    except ValueError:
        raise _no_date() from None


def _no_date() -> Flaw:
    return Flaw(
        "date_unreadable",
        "is no date that is understood; write 2025-12-31 or 2025-12-31T09:30, or say with --dates "
        "how others are written (years have four digits)",
    )


def _fits(adapter: TypeAdapter[str], value: str, code: str, sentence: str) -> None:
    try:
        adapter.validate_python(value, strict=True)
    except ValidationError:
        raise Flaw(code, sentence) from None
