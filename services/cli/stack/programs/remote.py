"""Learning programmes as an API tells them."""

from collections.abc import Sequence

from contracts.client import ProblemError
from services.cli.stack import cards
from services.cli.stack.session import NOT_FOUND, Session, can_be_ids
from services.views.programs import LearnerProgramLine, ProgramLine


class RemotePrograms:
    """A ``Programs``."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._client = session.client

    async def of_school(self, school: str) -> Sequence[ProgramLine]:
        """Page by page."""
        await self._session.check(school)
        return [ProgramLine(**dict(it)) async for it in self._client.programs()]

    async def of_learner(self, school: str, learner: str) -> Sequence[LearnerProgramLine]:
        """All at once."""
        await self._session.check(school)
        if not can_be_ids(learner):
            return []
        try:
            told = await self._client.programs_of_learner(learner)
        except ProblemError as error:
            if error.status == NOT_FOUND:
                return []
            raise
        return list(map(cards.program, told.programs))
