"""Recurrence rules of RFC 5545, as far as schedules use them.

What a rule may have depends on its frequency, so that none recurs more often than daily, and none
takes long to find out that it never recurs.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Final

from dateutil.rrule import rrule, rrulestr

MAX_INTERVAL = 1_000
_ALWAYS: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH"})
_IN_A_MONTH: Final = _ALWAYS | {"BYMONTHDAY", "BYSETPOS"}
_ALLOWED: Final[Mapping[str, frozenset[str]]] = {
    "DAILY": _ALWAYS,
    "WEEKLY": _ALWAYS,
    "MONTHLY": _IN_A_MONTH,
    "YEARLY": _IN_A_MONTH | {"BYYEARDAY", "BYWEEKNO"},
}
_TOO_OFTEN: Final = frozenset({"HOURLY", "MINUTELY", "SECONDLY"})
_TIME_OF_DAY: Final = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
_PART: Final = re.compile(r"([A-Z]+)=([0-9A-Z+,-]+)")
_UNTIL: Final = re.compile(r"[0-9]{8}T[0-9]{6}")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")
_LARGEST: Final = {"BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53}
_FROM_THE_END: Final = frozenset({"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"})
"""Those that may be counted backwards, as -1 for the last."""
_NONE = "is no recurrence rule of RFC 5545, as FREQ=MONTHLY;BYMONTHDAY=1 is"
_REMEMBERED = 128


@lru_cache(_REMEMBERED)
def recurrence(text: str, start: datetime) -> rrule:
    """The rule's wall-clock times from ``start`` on, which has no time zone.

    Raises:
        ValueError: it is none, or none for schedules; the text goes on from "the rule".
    """
    plain = text.upper().removeprefix("RRULE:")
    _check(plain)
    try:
        found = rrulestr(plain, dtstart=start, cache=True)
    except (ValueError, KeyError, TypeError, AttributeError):
        found = None
    if not isinstance(found, rrule):
        raise ValueError(_NONE)  # noqa: TRY004 - a rule that is wrong, not an argument's type
    return found


def _check(text: str) -> None:
    parts = _parts(text)
    frequency = parts.get("FREQ", "")
    if frequency in _TOO_OFTEN:
        raise ValueError("recurs more often than daily; use FREQ=DAILY or seldomer")
    if frequency not in _ALLOWED:
        raise ValueError(_NONE)
    for name in parts.keys() - _ALLOWED[frequency]:
        if name in _TIME_OF_DAY:
            raise ValueError(f"has {name}; leave it out, the time of day is that of the start")
        raise ValueError(f"has {name}, which does not go with FREQ={frequency}")
    _check_values(parts)


def _check_values(parts: Mapping[str, str]) -> None:
    if "UNTIL" in parts and _UNTIL.fullmatch(parts["UNTIL"]) is None:
        raise ValueError(
            "has an UNTIL that is no wall-clock time such as 20261231T235959, without a Z"
        )
    if {"COUNT", "UNTIL"} <= parts.keys():
        raise ValueError("has both a COUNT and an UNTIL; leave one out")
    if not all(_NUMBER.fullmatch(parts.get(name, "1")) for name in ("INTERVAL", "COUNT")):
        raise ValueError("has an INTERVAL or a COUNT that is no number from 1")
    if int(parts.get("INTERVAL", "1")) > MAX_INTERVAL:
        raise ValueError(f"has an INTERVAL above {MAX_INTERVAL:,}")
    for name, largest in _LARGEST.items():
        if not all(_is_within(name, it, largest) for it in parts.get(name, "1").split(",")):
            raise ValueError(f"has a {name} that is no number from 1 to {largest}")


def _is_within(name: str, text: str, largest: int) -> bool:
    number = text.removeprefix("-") if name in _FROM_THE_END else text
    return _NUMBER.fullmatch(number) is not None and int(number) <= largest


def _parts(text: str) -> dict[str, str]:
    """Each part's value by its name."""
    found = [_PART.fullmatch(it) for it in text.split(";")]
    parts = {it[1]: it[2] for it in found if it is not None}
    if len(parts) != len(found):
        raise ValueError(_NONE)
    return parts
