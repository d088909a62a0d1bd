"""Why a projection stops; each sentence says what to do."""

from services.store.poison import PoisonEventError, ProjectionError, reason

__all__ = [
    "PoisonEventError",
    "ProjectionError",
    "RebuildBehindError",
    "RebuildRunningError",
    "TotalsError",
    "UnknownViewError",
    "ViewVersionError",
    "reason",
]


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
