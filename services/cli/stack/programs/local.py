"""Learning programmes from the view."""

from collections.abc import Sequence

from services.cli.stack.servers import Servers
from services.views.programs import LearnerProgramLine, ProgramLine, ProgramsView


class LocalPrograms:
    """A ``Programs``."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers

    async def of_school(self, school: str) -> Sequence[ProgramLine]:
        """From the view."""
        return await ProgramsView(await self._servers.pool()).of_school(school)

    async def of_learner(self, school: str, learner: str) -> Sequence[LearnerProgramLine]:
        """From the view."""
        return await ProgramsView(await self._servers.pool()).of_learner(school, learner)
