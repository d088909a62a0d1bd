"""Why a view or a feed stops at an event; each sentence says what to do."""

from pydantic import ValidationError

from contracts.topics import event_id
from services.store.records import Position


class ProjectionError(Exception):
    """A projection cannot go on; the others do."""

    code = "projection_stopped"


class PoisonEventError(ProjectionError):
    """``poison_event``: an event that cannot be decoded or folded, or whose rows are refused."""

    code = "poison_event"

    def __init__(
        self, projection: str, stream: str, version: int, position: Position, cause: Exception
    ) -> None:
        super().__init__(
            f"{projection} stopped at the event {event_id(stream, version)}, position {position}: "
            f"{reason(cause)}; run the version of Coursemark that knows this event, or repair "
            "the projection, and start it again; or pass over the event, on record: "
            f"coursemark projections skip {projection} {position} --reason TEXT"
        )
        self.stream = stream
        self.version = version
        self.position = position


def reason(cause: Exception) -> str:
    """The cause in one line, without the values of a message that was refused."""
    if isinstance(cause, ValidationError):
        first = cause.errors(include_input=False, include_url=False)[0]
        field = ".".join(map(str, first["loc"])) or "body"
        return f"{cause.title}: {field}: {first['msg']}"
    return f"{type(cause).__name__}: {cause}"
