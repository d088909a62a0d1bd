"""What goes into the log and what comes out of it."""

from typing import NamedTuple, Self


class NewEvent(NamedTuple):
    """An event as a stream holds it; versions count from 1 without a gap."""

    originator_id: str
    originator_version: int
    topic: str
    state: bytes


class Position(NamedTuple):
    """A place in the log's commit order: everything before it has been seen.

    ``transaction_id`` comes first because a transaction that took its notification ids early
    may commit late; a follower that went on by the ids alone would skip it.
    """

    transaction_id: int
    notification_id: int

    def __str__(self) -> str:
        return f"{self.transaction_id}:{self.notification_id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"12:345"`` back.

        Raises:
            ValueError: the text is no position.
        """
        transaction_id, _, notification_id = text.partition(":")
        return cls(int(transaction_id), int(notification_id))


ORIGIN = Position(0, 0)
"""Before the first event."""


class FollowedEvent(NamedTuple):
    """An event with its place in commit order."""

    position: Position
    originator_id: str
    originator_version: int
    topic: str
    state: bytes


class Receipt(NamedTuple):
    """What became of a command: the same id gives the same result, for ever (B1).

    ``fingerprint`` is a digest of the command's body; ``result`` the result's JSON.
    """

    school: str
    command_id: str
    fingerprint: bytes
    result: bytes


class StoredReceipt(NamedTuple):
    """A receipt as it was found."""

    fingerprint: bytes
    result: bytes
