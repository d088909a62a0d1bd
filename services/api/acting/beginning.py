"""An operation whose parts the API makes: sent on once, under ids that follow from its own."""

from collections.abc import Iterable, Mapping, Sequence

import orjson

from contracts import registry
from services.api.commands.carrying import SOURCE
from services.api.commands.idempotency import applied, reused
from services.api.commands.receipts import Key
from services.api.commands.results import rejection
from services.api.standing import Standing
from services.commands.incoming import fingerprint
from services.domain.slots import Asked
from services.runtime.bus.placing import record_of
from services.store.records import StoredReceipt


async def begin(standing: Standing, operation: str, asked: Sequence[Asked], wait: int) -> None:
    """Send its parts, but those that have a receipt.

    ``wait``: seconds that the first part's receipt is waited for; the others are sent after that,
    so that nothing goes on of what is refused.

    Raises:
        Problem: 422 where the operation's id was another one's, what the first part was refused
            for where there is a wait, 413, 503.
    """
    parts = {(it.command.school, it.command_id): it for it in asked}
    given = dict(await standing.log.receipts(list(parts)))
    _check(operation, parts, given)
    left = {key: it for key, it in parts.items() if key not in given}
    first = next(iter(parts))
    if wait and first in left:
        await _send(standing, [left.pop(first)])
        taken = await standing.receipts.wait(first, wait)
        given |= {} if taken is None else {first: taken}
        _check(operation, parts, given)
    result = orjson.loads(given[first].result) if first in given else {}
    if wait and result.get("outcome") == "rejected":
        raise rejection(result, applied(wait))
    await _send(standing, left.values())


def _check(operation: str, parts: Mapping[Key, Asked], given: Mapping[Key, StoredReceipt]) -> None:
    for key, receipt in given.items():
        command = parts[key].command
        if receipt.fingerprint != fingerprint(registry.name_of(command), command):
            raise reused(operation)


async def _send(standing: Standing, asked: Iterable[Asked]) -> None:
    await standing.sender.send_all(record_of(it.command, it.command_id, SOURCE) for it in asked)
