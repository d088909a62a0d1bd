"""One learner's command, sent and told; of a preview, its row as well."""

from collections import Counter
from typing import TYPE_CHECKING

import orjson

from contracts.results import CommandPreviewed
from services.cli.errors import NEGATIVE
from services.cli.many.options import How
from services.cli.operations import rows
from services.cli.send.outcomes import Outcome
from services.cli.send.outgoing import Outgoing
from services.cli.send.sending import exit_code, send_prepared
from services.operations.chunks import details
from services.operations.reading import Row

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from services.cli.stack.port import Stack


async def alone(stack: "Stack", command: Outgoing, how: How) -> int:
    """Send it, and tell what became of it; returns the exit code, of a preview what it would be.

    Raises:
        BadParameter: the file of rows cannot be written.
    """
    outcome = await send_prepared(stack, command, how.timeout, as_json=how.as_json)
    if outcome.kind == "previewed":
        await rows.tell(lambda: _row(outcome), how)
        if outcome.code is not None:
            return NEGATIVE
    return exit_code(Counter([outcome.kind]))


async def _row(outcome: Outcome) -> "AsyncIterator[Row]":
    """The one row, as an operation with this one learner would have it."""
    preview = CommandPreviewed.model_validate_json(orjson.dumps(outcome.result))
    yield Row(
        row=1,
        place=0,
        learner=preview.learner or "",
        course=preview.course,
        activity=None,
        outcome="previewed",
        code=preview.code,
        message=preview.message,
        details=details([preview]),
    )
