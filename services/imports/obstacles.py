"""Why a file that was checked is not imported."""

from typing import Literal

from services.imports.ledger import Counts

Obstacle = Literal["file_unusable", "has_problems", "nothing_to_import"]


def obstacle(counts: Counts, *, unusable: bool, skip_invalid: bool) -> Obstacle | None:
    """What stands in the way of importing it, or none; ``unusable``: whatever is left out."""
    if unusable:
        return "file_unusable"
    if counts.refused and not skip_invalid:
        return "has_problems"
    return None if counts.rows else "nothing_to_import"
