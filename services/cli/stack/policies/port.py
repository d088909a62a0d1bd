"""What ``coursemark policies`` needs of a Coursemark."""

from typing import TYPE_CHECKING, Protocol

from services.cli import errors

if TYPE_CHECKING:
    from services.domain.policy import Policy


class UnknownSchoolError(errors.CommandError):
    """``unknown_school``: the directory has no such school."""

    code = "unknown_school"
    exit_code = errors.USAGE


class Policies(Protocol):
    """Policies of schools."""

    async def read(self, school: str) -> "Policy":
        """The school's policy; without limits where it has set none.

        Raises:
            UnknownSchoolError: there is no such school.
        """

    async def put(self, school: str, policy: "Policy") -> None:
        """Set it, in place of what it was."""
