"""A batch that fails is halved until the item that it fails on stands alone."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from services.runtime.bus.letters import Problem
from services.runtime.bus.record import Record
from services.runtime.bus.undeliverable import DeadRecord
from services.runtime.patience import OutOfPatienceError, patiently
from services.store.ownership import NotOwnerError

T = TypeVar("T")
log = logging.getLogger(__name__)


async def by_halves(
    records: Sequence[Record],
    work: Callable[[Sequence[Record]], Awaitable[list[T]]],
    patience_seconds: float,
    what: str,
) -> tuple[list[T], list[DeadRecord]]:
    """What the work gives for the records, and those that it cannot do for a fault of ours.

    Raises:
        OutOfPatienceError: a server stayed away; no record is to blame.
        NotOwnerError: the records are another process's by now.
    """
    if not records:
        return [], []
    try:
        return await patiently(lambda: work(records), patience_seconds, what), []
    except (OutOfPatienceError, NotOwnerError):
        raise
    except Exception as error:
        if len(records) == 1:
            place = records[0].topic, records[0].partition, records[0].offset
            log.exception("%s: the record %s[%d]@%d cannot be handled", what, *place)
            return [], [(records[0], _fault(error))]
    half = len(records) // 2
    first, first_dead = await by_halves(records[:half], work, patience_seconds, what)
    second, second_dead = await by_halves(records[half:], work, patience_seconds, what)
    return first + second, first_dead + second_dead


def _fault(error: Exception) -> Problem:
    return Problem(
        "internal_error",
        f"A fault of Coursemark ({type(error).__name__}); report it, and send the message again "
        "with `coursemark dead retry` when it is mended.",
    )
