"""A command whose activities are all skipped is refused; its details say why, one by one."""

from collections.abc import Sequence

from contracts.results import Skipped
from services.domain.decision import Case, Refused


def unknown_activity(case: Case, skipped: Sequence[Skipped]) -> Refused | None:
    """The refusal where the course does not have some of them, none where it has them all."""
    unknown = [skip.activity for skip in skipped if skip.code == "unknown_activity"]
    if not unknown:
        return None
    return Refused(
        "unknown_activity",
        f"{case.command.course} has no activity {', '.join(unknown[:5])}; "
        "name activities of its latest structure.",
        {"skipped": [skip.model_dump() for skip in skipped]},
    )
