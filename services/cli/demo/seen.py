"""What came of the story: results and events from Kafka, cards from the views."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from services.cli.demo.heard import Heard
from services.cli.show.card import ActivityCard, CourseCard
from services.runtime.bus.record import Record


class Event(NamedTuple):
    """An event of ``coursemark.events.v1``; ``type`` is the short one."""

    type: str
    data: Mapping[str, Any]
    record: Record


class Rebuilt(NamedTuple):
    """``reads`` of the view during a rebuild, ``missed`` those that found other rows.

    ``differing``: rows that the check of all views found other than the log.
    """

    events: int
    reads: int
    missed: int
    differing: int


class Seen:
    """Looked up by the names of commands and looks.

    A lookup raises ``LookupError`` where nothing of that name came.
    """

    def __init__(self, heard: Heard) -> None:
        self.heard = heard
        self.asked: dict[str, Mapping[str, Any]] = {}
        """The data of each command by its id, as it was sent first."""
        self.results: dict[str, Mapping[str, Any]] = {}
        self.cards: dict[str, CourseCard] = {}
        self.letters: dict[str, Record] = {}
        self.rebuilt: Rebuilt | None = None

    def outcome(self, name: str) -> str:
        """``accepted``, or the code of the refusal."""
        result = self.results[name]
        return str(result.get("code") or result["outcome"])

    def outcomes(self, *names: str) -> set[str]:
        """Those of several commands."""
        return {self.outcome(name) for name in names}

    def events(self, command_id: str | None = None) -> list[Event]:
        """The events of a command, or all, in the order of their streams."""
        ids = sorted(self.heard.events, key=_place)
        found = [Event(*self.heard.events[id_]) for id_ in ids]
        return [it for it in found if command_id in {None, it.data.get("command_id")}]

    def event(self, command_id: str, type_: str, activity: str | None = None) -> Mapping[str, Any]:
        """The data of a command's one event of a type, about an activity where one is named."""
        found = [
            it.data
            for it in self.events(command_id)
            if it.type == type_ and activity in {None, it.data.get("activity")}
        ]
        if len(found) != 1:
            raise LookupError(f"{command_id} led to {len(found)} {type_}")
        return found[0]

    def types(self, command_id: str) -> list[str]:
        """What the command led to."""
        return [it.type for it in self.events(command_id)]

    def activity(self, look: str, activity: str) -> ActivityCard:
        """An activity of a card."""
        for card in self.cards[look].activities:
            if card.activity == activity:
                return card
        raise LookupError(f"{look} has no {activity}")


def _place(event_id: str) -> tuple[str, int]:
    stream, _, version = event_id.rpartition("@")
    return stream, int(version)
