"""Whose card is asked for."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from services.views.cards.folding import Past


class Asked(NamedTuple):
    """``course``: this alone; ``history``: entries for each course; ``when`` of none: now."""

    school: str
    learner: str
    course: str | None
    history: int
    when: "Past | None"
