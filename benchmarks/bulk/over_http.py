"""An operation as an integrator asks for it: parts by POST, progress by server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg

from benchmarks.bulk import school
from benchmarks.bulk.following import Reports
from contracts import registry
from contracts.client.asynchronous import AsyncClient
from contracts.client.problems import ProblemError
from contracts.envelope import header
from contracts.operations import OperationCommand
from services.runtime.addresses import find_side
from services.runtime.bus.outbox import Message
from services.runtime.clock import now
from services.runtime.embedded.waiting import until
from services.runtime.settings import Settings
from services.store.tokens import Tokens

AT_ONCE = 8
"""Parts under way at one time."""
PATIENCE = 60.0
NOT_THERE = 404


class OverHttp:
    """Sends parts, and hears how an operation goes on."""

    def __init__(self, client: AsyncClient, reports: Reports) -> None:
        self._client = client
        self._reports = reports

    async def send(self, messages: Sequence[Message]) -> None:
        """Each part is taken when it returns."""
        for start in range(0, len(messages), AT_ONCE):
            await asyncio.gather(*map(self._post, messages[start : start + AT_ONCE]))

    async def _post(self, message: Message) -> None:
        declared, id_ = (_text(message, name) for name in ("ce_type", "ce_id"))
        command = registry.ASKED[declared].model_validate_json(message.value or b"")
        assert isinstance(command, OperationCommand)  # noqa: S101 - a part of an operation
        await self._client.send(command, key=id_)

    async def follow(self, operation: str) -> None:
        """Hear every report of the operation until it has ended."""

        async def known() -> bool:
            try:
                await self._client.get_operation(operation)
            except ProblemError as error:
                if error.status != NOT_THERE:
                    raise
                return False
            return True

        if not await until(known, within=PATIENCE):
            raise TimeoutError(f"{operation}: the API does not know it after {PATIENCE:.0f} s")
        async for report in self._client.events_of_operation(operation):
            self._reports.add(report)


@asynccontextmanager
async def over_http(
    settings: Settings, pool: asyncpg.Pool, reports: Reports
) -> AsyncIterator[OverHttp]:
    """With a token of the large school's administrator."""
    made = await Tokens(pool).create(
        school.LARGE, "bulk", ("commands", "read"), now(), actor=school.ADMINISTRATOR
    )
    async with AsyncClient(find_side(settings, "api"), made.secret) as client:
        yield OverHttp(client, reports)


def _text(message: Message, name: str) -> str:
    return (header(message.headers, name) or b"").decode()
