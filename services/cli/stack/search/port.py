"""What ``coursemark search`` needs of a Coursemark."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from services.views.search.criteria import Criteria, PageRequest
    from services.views.search.port import Page


class Searches(Protocol):
    """Searches of a school."""

    async def find(self, school: str, criteria: "Criteria", page: "PageRequest") -> "Page":
        """A page of those who meet all the criteria.

        Raises:
            InvalidCursorError: ``page.after`` was not given by a search.
            ForeignCursorError: it was given by a search of other criteria, or of another school.
        """

    async def keep(self, school: str, name: str, criteria: "Criteria") -> None:
        """Keep the criteria under the name, in place of what it was."""
