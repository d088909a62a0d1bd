"""An API, asked by the client of ``contracts.client`` with a token of one school."""

import asyncio
import re
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson

from contracts.client import ProblemError
from contracts.fields import COMMAND_ID_PATTERN, ID_PATTERN
from contracts.operations import OperationReported, State
from contracts.results import Effects
from services.cli.send.conversation import Line
from services.cli.send.results import Tell
from services.cli.show.asked import Asked
from services.cli.stack.card import card_of
from services.cli.stack.client import client_of
from services.cli.stack.conversing import converse
from services.cli.stack.session import NOT_FOUND, PAGE, Session, can_be_ids, first
from services.cli.stack.token import token_of
from services.operations.reading import Row, UnknownOperationError
from services.operations.sent import Sent
from services.runtime.settings import Settings
from services.views.cards.card import Card

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

_REPORTED = tuple(OperationReported.model_fields)


@asynccontextmanager
async def remote(server: str, settings: Settings) -> AsyncIterator["RemoteStack"]:
    """The API at that address.

    Raises:
        WrongSettingsError: there is no token, or the address or the token is none.
    """
    async with client_of(server, token_of(server, settings)) as client:
        yield RemoteStack(Session(client))


class RemoteStack:
    """A ``Stack``."""

    look_seconds = 1.0

    def __init__(self, session: Session) -> None:
        self._session = session
        self._client = session.client

    @cached_property
    def exports(self) -> "Exports":
        """Page by page."""
        from services.cli.stack.exports.remote import RemoteExports

        return RemoteExports(self._session)

    @cached_property
    def imports(self) -> "Imports":
        """Uploaded."""
        from services.cli.stack.imports.remote import RemoteImports

        return RemoteImports(self._session, self)

    @cached_property
    def schedules(self) -> "Schedules":
        """As the API keeps them."""
        from services.cli.stack.schedules.remote import RemoteSchedules

        return RemoteSchedules(self._session)

    @cached_property
    def webhooks(self) -> "Webhooks":
        """As the API keeps them."""
        from services.cli.stack.webhooks.remote import RemoteWebhooks

        return RemoteWebhooks(self._session)

    @cached_property
    def audit(self) -> "Audits":
        """Of the token's school."""
        from services.cli.stack.audit.remote import RemoteAudits

        return RemoteAudits(self._session)

    @cached_property
    def policies(self) -> "Policies":
        """Of the token's school."""
        from services.cli.stack.policies.remote import RemotePolicies

        return RemotePolicies(self._session)

    @cached_property
    def privacy(self) -> "Privacy":
        """On the word of the token's user."""
        from services.cli.stack.privacy.remote import RemotePrivacy

        return RemotePrivacy(self._session)

    @cached_property
    def programs(self) -> "Programs":
        """As the API tells them."""
        from services.cli.stack.programs.remote import RemotePrograms

        return RemotePrograms(self._session)

    @cached_property
    def reporting(self) -> "Reports":
        """As the API tells them."""
        from services.cli.stack.reports.remote import RemoteReports

        return RemoteReports(self._session)

    @cached_property
    def searches(self) -> "Searches":
        """As the API finds."""
        from services.cli.stack.search.remote import RemoteSearches

        return RemoteSearches(self._session)

    async def converse(self, lines: Iterable[Line], seconds: float, tell: Tell) -> None:
        """Each command a request."""
        await converse(self._client, lines, seconds, tell)

    async def users(self, school: str, names: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Of the directory."""
        await self._session.check(school)
        found: dict[str, list[str]] = {}
        for it in await self._session.found(names):
            found.setdefault(it.asked, []).append(it.user)
        return found

    async def operations(
        self, school: str, *, states: Collection[State] | None, previews: bool, limit: int
    ) -> Sequence[OperationReported]:
        """The newest."""
        await self._session.check(school)
        wanted = tuple(states or ())
        found = self._client.operations(state=wanted, previews=previews, limit=min(limit, PAGE))
        return await first(found, limit)

    async def reports(
        self, school: str, operations: Collection[str]
    ) -> Sequence[OperationReported]:
        """Each by its id."""
        await self._session.check(school)
        found = await asyncio.gather(*(self._report(it) for it in operations))
        return [it for it in found if it is not None]

    async def report(self, school: str, operation: str) -> OperationReported:
        """By its id."""
        await self._session.check(school)
        found = await self._report(operation)
        if found is None:
            raise UnknownOperationError(school, operation)
        return found

    async def effects(self, school: str, operation: str) -> Effects:
        """Of a preview."""
        await self._session.check(school)
        return (await self._client.get_operation(operation)).effects or Effects()

    async def rows(self, school: str, operation: str) -> AsyncIterator[Row]:
        """Page by page."""
        await self._session.check(school)
        async for it in self._client.rows_of_operation(operation, limit=PAGE):
            yield Row(place=0, **dict(it))

    async def result(self, school: str, command_id: str) -> Mapping[str, Any] | None:
        """What became of it."""
        await self._session.check(school)
        if not re.fullmatch(COMMAND_ID_PATTERN, command_id):
            return None
        try:
            found = await self._client.get_result(command_id)
        except ProblemError as error:
            if error.status == NOT_FOUND:
                return None
            raise
        result: dict[str, Any] = orjson.loads(found.to_json())
        return result

    async def sent(self, school: str, id_: str, *, operation: bool) -> Sequence[Sent]:
        """What was sent."""
        await self._session.check(school)
        if not re.fullmatch(ID_PATTERN if operation else COMMAND_ID_PATTERN, id_):
            return []
        of = self._client.sent_of_operation if operation else self._client.sent_of_command
        return [Sent(**dict(it)) for it in (await of(id_)).sent]

    async def card(self, asked: Asked) -> Card:
        """Page by page."""
        return await card_of(self._session, asked)

    async def _report(self, operation: str) -> OperationReported | None:
        if not can_be_ids(operation):
            return None
        try:
            found = await self._client.get_operation(operation)
        except ProblemError as error:
            if error.status == NOT_FOUND:
                return None
            raise
        return OperationReported(**{it: getattr(found, it) for it in _REPORTED})
