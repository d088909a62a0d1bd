"""What ``coursemark export progress`` and ``activities`` need of a Coursemark."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from services.views.lines import ExportedActivity, ExportedProgress


class Exports(Protocol):
    """The rows of all schools that are reached, in order."""

    def progress(self) -> AsyncIterator["ExportedProgress"]:
        """Every learner in every course, by school, course and learner."""

    def activities(self) -> AsyncIterator["ExportedActivity"]:
        """Every activity with anything recorded, by school, course, learner and activity."""
