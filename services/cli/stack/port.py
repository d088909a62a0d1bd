"""What the commands need of a Coursemark, whether its servers are reached or its API alone."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from contracts.operations import OperationReported, State
    from contracts.results import Effects
    from services.cli.send.conversation import Line
    from services.cli.send.results import Tell
    from services.cli.show.asked import Asked
    from services.cli.stack.audit.port import Audits
    from services.cli.stack.exports.port import Exports
    from services.cli.stack.imports.port import Imports
    from services.cli.stack.policies.port import Policies
    from services.cli.stack.privacy.port import Privacy
    from services.cli.stack.programs.port import Programs
    from services.cli.stack.reports.port import Reports
    from services.cli.stack.schedules.port import Schedules
    from services.cli.stack.search.port import Searches
    from services.cli.stack.webhooks.port import Webhooks
    from services.operations.reading import Row
    from services.operations.sent import Sent
    from services.views.cards.card import Card


class Stack(Protocol):
    """A Coursemark; ``look_seconds``: how often it is asked how something goes on."""

    look_seconds: float

    @property
    def exports(self) -> "Exports":
        """Views, row by row."""

    @property
    def imports(self) -> "Imports":
        """Files to import."""

    @property
    def schedules(self) -> "Schedules":
        """Operations that begin by themselves."""

    @property
    def webhooks(self) -> "Webhooks":
        """Who is told over HTTP."""

    async def converse(self, lines: Iterable["Line"], seconds: float, tell: "Tell") -> None:
        """Send all, those of one learner in their order, and tell what became of each.

        Gives up when for ``seconds`` no result comes.
        """

    async def users(self, school: str, names: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Ids of the school's users by each name, which is an id or else an e-mail address."""

    async def operations(
        self, school: str, *, states: Collection["State"] | None, previews: bool, limit: int
    ) -> Sequence["OperationReported"]:
        """The newest of a school's operations."""

    async def reports(
        self, school: str, operations: Collection[str]
    ) -> Sequence["OperationReported"]:
        """Those of these operations that the school has."""

    async def report(self, school: str, operation: str) -> "OperationReported":
        """How one operation stands.

        Raises:
            UnknownOperationError: the school has none of that id.
        """

    async def effects(self, school: str, operation: str) -> "Effects":
        """What would go out, of a preview."""

    def rows(self, school: str, operation: str) -> AsyncIterator["Row"]:
        """The rows of an operation that have something to say, in order."""

    async def result(self, school: str, command_id: str) -> Mapping[str, Any] | None:
        """What became of a command, if anything has."""

    async def sent(self, school: str, id_: str, *, operation: bool) -> Sequence["Sent"]:
        """What was sent because of an operation, or of a command."""

    async def card(self, asked: "Asked") -> "Card":
        """A learner's card."""

    @property
    def audit(self) -> "Audits":
        """The audit log."""

    @property
    def policies(self) -> "Policies":
        """What schools ask of their administrators."""

    @property
    def privacy(self) -> "Privacy":
        """All that is held of persons, and persons erased."""

    @property
    def programs(self) -> "Programs":
        """Learning programmes."""

    @property
    def reporting(self) -> "Reports":
        """Reports and insights."""

    @property
    def searches(self) -> "Searches":
        """Searches of learners."""
