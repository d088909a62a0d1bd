"""Why a projection stops; each sentence says what to do."""

from pydantic import ValidationError

from contracts.topics import event_id
from services.store.records import Position


class ProjectionError(Exception):
    """A projection cannot go on; the others do."""

    code = "projection_stopped"


class PoisonEventError(ProjectionError):
    """``poison_event``: an event that cannot be decoded or folded."""

    code = "poison_event"

    def __init__(
        self, projection: str, stream: str, version: int, position: Position, cause: Exception
    ) -> None:
        super().__init__(
            f"{projection} stopped at the event {event_id(stream, version)}, position {position}: "
            f"{reason(cause)}; run the version of Coursemark that knows this event, or repair "
            "the projection, and start it again"
        )
        self.position = position


class UnknownViewError(ProjectionError):
    """``unknown_view``: there is no projection of that name."""

    code = "unknown_view"


class ViewVersionError(ProjectionError):
    """``view_version``: the view is not of the version that this Coursemark knows."""

    code = "view_version"

    def __init__(self, projection: str, stored: int, known: int) -> None:
        if not stored:
            what = "was never built; start a projector, or rebuild it"
        elif stored > known:
            what = f"has version {stored}, later than {known}; run the Coursemark that built it"
        else:
            what = f"has version {stored}, earlier than {known}; rebuild it"
        super().__init__(f"the view {projection} {what}")


class RebuildRunningError(ProjectionError):
    """``rebuild_running``: somebody else is rebuilding the view."""

    code = "rebuild_running"


class RebuildBehindError(ProjectionError):
    """``rebuild_behind``: the view moved faster than its rebuild could follow."""

    code = "rebuild_behind"


class TotalsError(ProjectionError):
    """``totals_of_structure``: a projection adds to totals where no event happened."""

    code = "totals_of_structure"

    def __init__(self, projection: str, statement: str) -> None:
        super().__init__(
            f"{projection} would {statement} because a course has a new structure, which would "
            "count twice after a crash; repair the projection: totals say what events add, and a "
            "change whose state is the same before and after adds nothing"
        )


def reason(cause: Exception) -> str:
    """The cause in one line, without the values of a message that was refused."""
    if isinstance(cause, ValidationError):
        first = cause.errors(include_input=False, include_url=False)[0]
        field = ".".join(map(str, first["loc"])) or "body"
        return f"{cause.title}: {field}: {first['msg']}"
    return f"{type(cause).__name__}: {cause}"
