"""How much events would send if they stood in the log: e-mails, webhooks and Zaps (B5)."""

from collections.abc import Iterable, Sequence

from contracts.events import Event, LearningProgramCompleted
from contracts.results import Effects
from services.domain.happenings import Happening, happenings
from services.domain.mailing import is_mailed
from services.effects.awards import awards
from services.effects.filters import about
from services.effects.letters import mailable
from services.effects.wishes import Wishes, wishes
from services.store.log import EventLog

_NO_EVENT = "none"
"""The id of an event that is in no log; what it means does not depend on it."""


async def effects(
    log: EventLog, would: Sequence[Sequence[Event]], *, together: bool
) -> list[Effects]:
    """What each command's events would send, in order; a few queries for all commands.

    Counted as directory, endpoints and programmes stand now: what an endpoint that is disabled
    would be sent is not counted, since it is parked. ``together``: each command comes after
    those before it; otherwise each comes alone.
    """
    if not any(would):
        return [Effects() for _ in would]
    awarded = await awards(log, would, together=together)
    told = [_happenings([*one, *new]) for one, new in zip(would, awarded, strict=True)]
    wished = await wishes(log.pool, {it.school for own in told for it in own})
    emails = await _emails(log, would)
    return [
        Effects(
            emails=mailed,
            webhooks=_wanted(own, wished, "webhook"),
            zaps=_wanted(own, wished, "zapier"),
        )
        for own, mailed in zip(told, emails, strict=True)
    ]


async def _emails(log: EventLog, would: Sequence[Sequence[Event]]) -> list[int]:
    mailed = [
        (place, event) for place, own in enumerate(would) for event in own if is_mailed(event)
    ]
    counts = [0] * len(would)
    sent = await mailable(log.pool, [event for _, event in mailed])
    for (place, _), is_sent in zip(mailed, sent, strict=True):
        counts[place] += is_sent
    return counts


def _happenings(events: Iterable[Event | LearningProgramCompleted]) -> list[Happening]:
    return [it for event in events for it in happenings(event, _NO_EVENT)]


def _wanted(told: Sequence[Happening], wished: Wishes, kind: str) -> int:
    """How many requests the happenings lead to: one for each endpoint that wants one."""
    return sum(
        wish.enabled and wish.filter.wants(about(it))
        for it in told
        for wish in wished.get((it.school, kind), ())
    )
