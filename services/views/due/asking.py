"""What can be asked of due dates, and where a page of them goes on."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, ValidationError

from contracts.fields import CourseId, Id, Instant
from contracts.model import Contract
from contracts.problems import details, sentence
from services.views.due.paging import Place
from services.views.search.errors import (
    ForeignCursorError,
    InvalidCriteriaError,
    InvalidCursorError,
)

LARGEST_PAGE, USUAL_PAGE = 1_000, 50
"""Due dates a page."""
_AGAIN = "begin at the first page again"


class DueRequest(Contract):
    """A page of who falls due from ``since`` on (none: ever before, too), and before ``before``."""

    model_config = ConfigDict(extra="forbid")

    before: Instant
    since: Instant | None = None
    course: CourseId | None = None
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = USUAL_PAGE
    after: Annotated[str, Field(max_length=2_000)] | None = Field(
        None, description="What the page before gave as next."
    )


class _Cursor(Contract):
    """``asked`` is a digest of the school and of what was asked for."""

    format: Literal[1] = 1
    asked: str
    at: Instant
    course: Id
    completed_at: Instant
    learner: Id


def due_request(
    before: datetime,
    since: datetime | None = None,
    course: str | None = None,
    limit: int = USUAL_PAGE,
    after: str | None = None,
) -> DueRequest:
    """The request of a page.

    Raises:
        InvalidCriteriaError: it cannot be asked for.
    """
    try:
        asked = DueRequest(before=before, since=since, course=course, limit=limit, after=after)
    except ValidationError as error:
        raise InvalidCriteriaError(sentence(error), details(error)) from error
    if since is not None and since >= before:
        raise InvalidCriteriaError(
            "before is not after since; give the earlier one first.",
            [{"field": "before", "problem": "is not after since"}],
        )
    return asked


def write(place: Place, school: str, asked: DueRequest) -> str:
    """The text of the cursor that leads on behind a place."""
    cursor = _Cursor(asked=_digest(school, asked), **place._asdict())
    return urlsafe_b64encode(cursor.to_json()).decode().rstrip("=")


def read(school: str, asked: DueRequest) -> Place | None:
    """The place behind which the page begins; none: it is the first.

    Raises:
        InvalidCursorError: the text is no cursor.
        ForeignCursorError: it belongs to something else that was asked for.
    """
    text = asked.after
    if text is None:
        return None
    try:
        cursor = _Cursor.model_validate_json(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, ValidationError) as error:
        raise InvalidCursorError(f"This is no cursor of due dates; {_AGAIN}.") from error
    if cursor.asked != _digest(school, asked):
        raise ForeignCursorError(
            f"The cursor belongs to other dates, to another course or school; {_AGAIN}, or ask "
            "for just what was asked for then."
        )
    return Place(cursor.at, cursor.course, cursor.completed_at, cursor.learner)


def _digest(school: str, asked: DueRequest) -> str:
    fields = asked.model_dump_json(include={"before", "since", "course"})
    return sha256(f"{school}\n{fields}".encode()).hexdigest()[:16]
