"""Pages by moment, the newest first, those of one moment by their ids."""

from datetime import datetime

from pydantic import TypeAdapter

from contracts.envelope import timestamp
from contracts.fields import Id
from services.http.paging import wrong_cursor

_id = TypeAdapter(Id)


def cursor_at(moment: datetime, id_: str) -> str:
    """Where the page after this one begins."""
    return f"{timestamp(moment)}:{id_}"


def moment_of(cursor: str | None) -> tuple[datetime, str] | None:
    """The moment and the id that a page goes on after.

    Raises:
        Problem: 400.
    """
    if cursor is None:
        return None
    moment, _, id_ = cursor.partition("Z:")
    try:
        return datetime.fromisoformat(f"{moment}Z"), _id.validate_python(id_)
    except ValueError:
        raise wrong_cursor() from None
