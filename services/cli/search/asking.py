"""Options as criteria, and a page as JSON."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import typer

from services.views.search.criteria import Criteria, criteria
from services.views.search.port import Completion, Found, Page

_RANGES = "completed", "enrolled", "progress"


def asked(**options: Any) -> Criteria:
    """The criteria of the options that are given.

    Raises:
        typer.BadParameter: an option is no day and no instant.
        InvalidCriteriaError: what is asked for cannot be.
    """
    fields: dict[str, Any] = {}
    for name, value in options.items():
        if value is None:
            continue
        if name == "progress":
            fields |= _range(name, *value)
        elif name in _RANGES:
            fields |= _range(name, _begin(name, value[0]), _end(name, value[1]))
        elif name == "inactive_since":
            fields[name] = _day("--inactive-since", value)
        else:
            fields[name] = value
    return criteria(fields)


def shaped(page: Page) -> Mapping[str, Any]:
    """The page for programs."""
    return {
        "total": page.total._asdict(),
        "found": [_learner(found) for found in page.found],
        "next": page.next,
    }


def _learner(found: Found) -> dict[str, Any]:
    records: list[Any] = [
        it._asdict() | {"completions": [_completion(each) for each in it.completions]}
        for it in found.records
    ]
    return found._asdict() | {"records": records}


def _completion(completion: Completion) -> dict[str, Any]:
    return completion._asdict() | {"manually_completed": completion.manually}


def _range(name: str, start: Any, end: Any) -> dict[str, Any]:
    return {f"{name}_from": start, f"{name}_to": end}


def _begin(name: str, text: str) -> datetime:
    """A day means its first moment."""
    found = _moment(name, text)
    return datetime.combine(found, time(), UTC) if not isinstance(found, datetime) else found


def _end(name: str, text: str) -> datetime:
    """A day means all of it: the first moment of the next."""
    found = _moment(name, text)
    if isinstance(found, datetime):
        return found
    if found == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return datetime.combine(found, time(), UTC) + timedelta(days=1)


def _moment(name: str, text: str) -> date:
    """A day, or an instant; without a zone UTC is meant."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _no_day(f"--{name}-between", ", or an instant such as 2024-05-01T09:30Z") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _no_day(option) from None


def _no_day(option: str, more: str = "") -> typer.BadParameter:
    return typer.BadParameter(f"a day such as 2024-05-01{more}.", param_hint=option)
