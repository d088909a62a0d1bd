"""A record of the notifications' topic becomes a notice, or the reason why it is none."""

from typing import NamedTuple
from uuid import UUID, uuid5

from contracts import registry, topics
from contracts.envelope import read
from contracts.notifications import CompletionNotice, EndpointDisabled
from services.runtime.bus.intake import receive
from services.runtime.bus.letters import Problem
from services.runtime.bus.record import Record

_MAILS = UUID("4f0c7d5e-3a43-5c0e-9d7e-6b1d2f5a8c11")
"""The namespace of the ids of e-mails (RFC 9562 §5.5)."""
_LARGEST_ATTEMPT = 2**63 - 1


class AdministratorsNotice(NamedTuple):
    """A notice for a school's administrators; the id is its message's."""

    id: str
    notice: EndpointDisabled


def noticed(record: Record) -> CompletionNotice | AdministratorsNotice | Problem:
    """Read a record."""
    notice = receive(record, registry.NOTIFICATIONS, topics.NOTIFICATIONS)
    match notice:
        case Problem():
            return notice
        case CompletionNotice():
            return _stored(notice)
        case EndpointDisabled():
            id_ = read(record.value, record.headers).id
            if "\x00" in id_ + notice.endpoint:
                return _nul("the id or the endpoint")
            return AdministratorsNotice(id_, notice)
        case _:
            raise TypeError(f"{type(notice).__name__} is on the topic, and nobody is told of it")


def mail_id(notice: CompletionNotice | AdministratorsNotice, user: str | None = None) -> UUID:
    """The id of the e-mail that a notice becomes; the same however often it comes.

    ``user`` is the administrator, where it goes to several.
    """
    if isinstance(notice, CompletionNotice):
        name = f"{notice.school}/{notice.learner}/{notice.course}/{notice.attempt}"
    else:
        name = f"{notice.notice.school}/{user}//{notice.id}"
    return uuid5(_MAILS, name)


def _stored(notice: CompletionNotice) -> CompletionNotice | Problem:
    """What PostgreSQL cannot hold is told here."""
    if "\x00" in notice.event_id:
        return _nul("event_id")
    if notice.attempt > _LARGEST_ATTEMPT:
        return Problem(
            "invalid_message", f"attempt: is too large; send {_LARGEST_ATTEMPT:,} or less."
        )
    return notice


def _nul(what: str) -> Problem:
    return Problem("invalid_message", f"There is a NUL character in {what}; take it out.")
