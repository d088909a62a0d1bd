"""The servers themselves: PostgreSQL and Kafka, each reached when it is first needed."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson

from contracts.operations import OperationReported, State
from contracts.results import Effects
from services.cli.send.conversation import Line, converse
from services.cli.send.results import Tell
from services.cli.show.asked import Asked
from services.cli.stack.servers import Servers
from services.operations import reading, sent
from services.operations.reading import Row
from services.operations.sent import Sent
from services.runtime.settings import Settings
from services.store.log import EventLog
from services.store.people import users_by_name
from services.views.cards.card import Card
from services.views.cards.past import past
from services.views.cards.present import present

if TYPE_CHECKING:
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


@asynccontextmanager
async def local(settings: Settings) -> AsyncIterator["LocalStack"]:
    """What the settings name, left when the block ends."""
    async with AsyncExitStack() as held:
        yield LocalStack(Servers(settings, held))


class LocalStack:
    """A ``Stack``."""

    look_seconds = 0.2

    def __init__(self, servers: Servers) -> None:
        self._servers = servers

    @cached_property
    def exports(self) -> "Exports":
        """Out of their tables."""
        from services.cli.stack.exports.local import LocalExports

        return LocalExports(self._servers)

    @cached_property
    def imports(self) -> "Imports":
        """Read here."""
        from services.cli.stack.imports.local import LocalImports

        return LocalImports(self._servers, self)

    @cached_property
    def schedules(self) -> "Schedules":
        """In their tables."""
        from services.cli.stack.schedules.local import LocalSchedules

        return LocalSchedules(self._servers, self)

    @cached_property
    def webhooks(self) -> "Webhooks":
        """In their tables."""
        from services.cli.stack.webhooks.local import LocalWebhooks

        return LocalWebhooks(self._servers)

    @cached_property
    def audit(self) -> "Audits":
        """In its table."""
        from services.cli.stack.audit.local import LocalAudits

        return LocalAudits(self._servers)

    @cached_property
    def policies(self) -> "Policies":
        """In their table."""
        from services.cli.stack.policies.local import LocalPolicies

        return LocalPolicies(self._servers)

    @cached_property
    def privacy(self) -> "Privacy":
        """On the servers."""
        from services.cli.stack.privacy.local import LocalPrivacy

        return LocalPrivacy(self._servers)

    @cached_property
    def programs(self) -> "Programs":
        """In the view."""
        from services.cli.stack.programs.local import LocalPrograms

        return LocalPrograms(self._servers)

    @cached_property
    def reporting(self) -> "Reports":
        """From the views."""
        from services.cli.stack.reports.local import LocalReports

        return LocalReports(self._servers)

    @cached_property
    def searches(self) -> "Searches":
        """In the view."""
        from services.cli.stack.search.local import LocalSearches

        return LocalSearches(self._servers)

    async def converse(self, lines: Iterable[Line], seconds: float, tell: Tell) -> None:
        """Over Kafka."""
        await converse(await self._servers.kafka(), lines, seconds, tell)

    async def users(self, school: str, names: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """From the directory."""
        return await users_by_name(await self._servers.pool(), school, names)

    async def operations(
        self, school: str, *, states: Collection[State] | None, previews: bool, limit: int
    ) -> Sequence[OperationReported]:
        """From their table."""
        pool = await self._servers.pool()
        return await reading.of_school(pool, school, states=states, previews=previews, limit=limit)

    async def reports(self, school: str, operations: Collection[str]) -> list[OperationReported]:
        """From their table."""
        return await reading.named(await self._servers.pool(), school, operations)

    async def report(self, school: str, operation: str) -> OperationReported:
        """From their table."""
        return await reading.one(await self._servers.pool(), school, operation)

    async def effects(self, school: str, operation: str) -> Effects:
        """From its rows."""
        return await reading.effects(await self._servers.pool(), school, operation)

    async def rows(self, school: str, operation: str) -> AsyncIterator[Row]:
        """Page by page."""
        async for row in reading.rows(await self._servers.pool(), school, operation):
            yield row

    async def result(self, school: str, command_id: str) -> Mapping[str, Any] | None:
        """From its receipt."""
        key = school, command_id
        receipt = (await EventLog(await self._servers.pool()).receipts([key])).get(key)
        found: dict[str, Any] | None = None if receipt is None else orjson.loads(receipt.result)
        return found

    async def sent(self, school: str, id_: str, *, operation: bool) -> Sequence[Sent]:
        """From the tables of those who sent it."""
        of = sent.of_operation if operation else sent.of_command
        return await of(await self._servers.pool(), school, id_)

    async def card(self, asked: Asked) -> Card:
        """From the views, or of a past day from the log."""
        pool, when = await self._servers.pool(), asked.when
        of = pool, asked.school, asked.learner, asked.course, asked.history
        return await (present(*of) if when is None else past(*of, when))
