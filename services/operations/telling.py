"""A row of an operation as cells of a table."""

from services.operations.reading import Row

COLUMNS = (
    *("row", "learner", "course", "activity", "outcome", "code", "message"),
    *("changes", "left", "stays_locked"),
)
"""The last three are of previews: events, activities left as they are and why, locked ones."""


def cells(row: Row) -> list[object]:
    """In the order of the columns."""
    about = [row.row, row.learner, row.course, row.activity, row.outcome, row.code, row.message]
    return [*about, *foreseen(row)]


def foreseen(row: Row) -> list[str]:
    """Of a preview: what would change, what would be left and why, what would stay locked."""
    events = row.details.get("events", {})
    changes = [f"{count} {name.split('.')[2]}" for name, count in sorted(events.items())]
    left = [f"{it['activity']}: {it['code']}" for it in row.details.get("skipped", ())]
    locked = row.details.get("locked", ())
    return [", ".join(changes), ", ".join(left), ", ".join(locked)]
