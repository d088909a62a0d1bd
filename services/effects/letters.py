"""Which of completions that are not in the log would be mailed."""

from collections.abc import Sequence

import asyncpg

from contracts.events import CourseCompleted
from services.domain.addresses import BadAddressError, mailbox, named
from services.effects.sql import query


async def mailable(pool: asyncpg.Pool, completions: Sequence[CourseCompleted]) -> list[bool]:
    """Of each completion whether the mailer would send it, as the directory stands now (M5).

    It would not where the learner has no address that a server takes, wants no e-mails, or was
    written to in that attempt before. Each is looked at by itself.
    """
    if not completions:
        return []
    rows = await pool.fetch(
        query("mailable"),
        [it.school for it in completions],
        [it.learner for it in completions],
        [it.course for it in completions],
        [it.attempt for it in completions],
    )
    places = {place for place, email, name in rows if _is_addressed(email, name)}
    return [place in places for place in range(1, len(completions) + 1)]


def _is_addressed(email: str, name: str | None) -> bool:
    try:
        named(mailbox(email), name)
    except BadAddressError:
        return False
    return True
