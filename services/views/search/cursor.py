"""The cursor: after whom the next page begins, and for which search.

It is URL-safe text that nobody needs to read. It holds an id, so it is as stable as the ids: a
learner who comes or goes between two pages moves no other.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from contracts.fields import Id
from contracts.model import Contract
from services.views.search.criteria import Criteria
from services.views.search.errors import ForeignCursorError, InvalidCursorError

_AGAIN = "begin at the first page again"


class Cursor(Contract):
    """``search`` is a digest of school and criteria; ``learners`` and ``exact`` the first count."""

    format: Literal[1] = 1
    search: str
    after: Id
    learners: Annotated[int, Field(ge=0)]
    exact: bool


def digest(school: str, criteria: Criteria) -> str:
    """The same for the same search alone."""
    asked = f"{school}\n{criteria.model_dump_json(exclude_defaults=True)}"
    return sha256(asked.encode()).hexdigest()[:16]


def write(cursor: Cursor) -> str:
    """The text of a cursor."""
    return urlsafe_b64encode(cursor.model_dump_json().encode()).decode().rstrip("=")


def read(text: str, school: str, criteria: Criteria) -> Cursor:
    """The cursor of a text.

    Raises:
        InvalidCursorError: the text is none.
        ForeignCursorError: it is of another search.
    """
    try:
        padded = text + "=" * (-len(text) % 4)
        cursor = Cursor.model_validate_json(urlsafe_b64decode(padded))
    except (ValueError, ValidationError) as error:
        raise InvalidCursorError(f"This is no cursor of a search; {_AGAIN}.") from error
    if cursor.search != digest(school, criteria):
        raise ForeignCursorError(
            f"The cursor belongs to other criteria, or to another school; {_AGAIN}, or ask for "
            "just what was asked for then."
        )
    return cursor
