"""What came of the story: results and events from Kafka, cards from the views."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from contracts.operations import OperationReported
from contracts.results import Effects
from services.cli.demo.heard import Heard
from services.operations.reading import Row
from services.runtime.bus.record import Record
from services.views.cards.card import ActivityCard, CourseCard

if TYPE_CHECKING:
    from services.cli.demo.calling import Answer
    from services.imports.problems import Problem
    from services.store.schedules import Slot as SlotRecord


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


class Watched(NamedTuple):
    """An operation when it came to rest; ``rows``: those that were skipped or failed, or would be.

    ``before``: reports that came since it was watched last.
    """

    report: OperationReported
    before: Sequence[OperationReported]
    rows: Sequence[Row]
    effects: Effects | None


class Seen:
    """Looked up by the names of commands and looks.

    A lookup raises ``LookupError`` where nothing of that name came.
    """

    def __init__(self, heard: Heard) -> None:
        self.heard = heard
        self.asked: dict[str, Mapping[str, Any]] = {}
        """The data of each command by its id, as it was sent first."""
        self.begun: dict[str, Mapping[str, Any]] = {}
        """The data of each operation's first message."""
        self.results: dict[str, Mapping[str, Any]] = {}
        self.answers: dict[str, Answer] = {}
        """Of the API."""
        self.cards: dict[str, CourseCard] = {}
        self.letters: dict[str, Record] = {}
        self.rebuilt: Rebuilt | None = None
        self.watched: dict[str, Watched] = {}
        self.slots: dict[str, SlotRecord] = {}
        self.standing: dict[str, Mapping[str, int]] = {}
        """Learners by where they stand."""
        self.problems: dict[str, Sequence[Problem]] = {}
        """Of files, by their operation."""

    def outcome(self, name: str) -> str:
        """``accepted``, or the code of the refusal."""
        result = self.results[name]
        return str(result.get("code") or result["outcome"])

    def outcomes(self, *names: str) -> set[str]:
        """Those of several commands."""
        return {self.outcome(name) for name in names}

    def events(self, command_id: str | None = None) -> list[Event]:
        """The events of a command, or all, in the order of their streams."""
        return self._of("command_id", command_id)

    def of_operation(self, operation: str) -> list[Event]:
        """The events that an operation led to, in the order of their streams."""
        return self._of("batch_id", operation)

    def _of(self, field: str, value: str | None) -> list[Event]:
        heard = self.heard.events
        ids = [id_ for id_, it in heard.items() if value in {None, it.data.get(field)}]
        return [Event(*heard[id_]) for id_ in sorted(ids, key=_place)]

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

    def asked_for(self, event: Mapping[str, Any]) -> Mapping[str, Any]:
        """The data of the command that an event is of, or of its operation's first part."""
        operation = event.get("batch_id")
        return self.asked[event["command_id"]] if operation is None else self.begun[operation]

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
