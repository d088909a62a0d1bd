"""What a template may name, for each kind of e-mail, and how its values are written."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal, get_args

from contracts.notifications import CompletionNotice, EndpointDisabled
from services.domain.addresses import LONGEST_NAME, one_line

Kind = Literal["completion", "endpoint_disabled"]
Notice = CompletionNotice | EndpointDisabled
Value = str | int | bool | None
KINDS: tuple[Kind, ...] = get_args(Kind)

_ALWAYS = ("name", "school", "school_name", "unsubscribe_url")
NAMES: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        "completion": (
            *_ALWAYS,
            *("learner", "course", "course_title", "attempt", "completed_on"),
            *("average_score", "manually_completed"),
        ),
        "endpoint_disabled": (*_ALWAYS, "endpoint", "cause", "failing_since", "disabled_at"),
    }
)
"""By kind; every one of them always has a value, if only none."""


def values(
    notice: Notice, *, name: str | None, school_name: str | None, unsubscribe_url: str | None
) -> dict[str, Value]:
    """The value of each variable."""
    common: dict[str, Value] = {
        "name": _line(name),
        "school": notice.school,
        "school_name": _line(school_name) or notice.school,
        "unsubscribe_url": unsubscribe_url,
    }
    match notice:
        case CompletionNotice():
            return common | {
                "learner": notice.learner,
                "course": notice.course,
                "course_title": _line(notice.course_title) or notice.course,
                "attempt": notice.attempt,
                "completed_on": f"{notice.completed_at:%Y-%m-%d}",
                "average_score": _score(notice.average_score),
                "manually_completed": notice.manually_completed,
            }
        case EndpointDisabled():
            return common | {
                "endpoint": _line(notice.endpoint),
                "cause": notice.cause,
                "failing_since": _moment(notice.failing_since),
                "disabled_at": _moment(notice.disabled_at),
            }


def _line(text: str | None) -> str | None:
    """What somebody called something, on one line; none where nothing of it can be seen."""
    return one_line(text or "", LONGEST_NAME) or None


def _score(score: float | None) -> str | None:
    """To two decimals, none where there is nothing behind the point."""
    return None if score is None else f"{score:.2f}".rstrip("0").rstrip(".")


def _moment(instant: datetime | None) -> str | None:
    return None if instant is None else f"{instant:%Y-%m-%d %H:%M} UTC"
