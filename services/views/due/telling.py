"""A due date as it is told to whoever may know whose it is."""

from datetime import datetime

from contracts.api import due
from services.store.people import Person
from services.views.due.paging import Due


def told(it: Due, person: Person | None, now: datetime) -> due.Due:
    """With name and address, where the directory has the learner, and whether it is past."""
    return due.Due(
        **it._asdict(),
        due_at=it.at,
        overdue=it.at <= now,
        name=None if person is None else person.name,
        email=None if person is None else person.email,
    )
