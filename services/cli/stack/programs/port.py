"""What ``coursemark programs`` needs of a Coursemark."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from services.views.programs import LearnerProgramLine, ProgramLine


class Programs(Protocol):
    """Learning programmes, in order of their ids."""

    async def of_school(self, school: str) -> Sequence["ProgramLine"]:
        """All of a school."""

    async def of_learner(self, school: str, learner: str) -> Sequence["LearnerProgramLine"]:
        """Those that a learner has begun or completed; nothing of one who is unknown."""
