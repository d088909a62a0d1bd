"""An activity is complete when its rules hold (L1)."""

from datetime import datetime

from contracts.catalog import Activity
from contracts.events import ActivityCompleted, Event
from services.domain.completion import rules_hold
from services.domain.decision import Case
from services.domain.state import Progress


def earned(case: Case, activity: Activity, state: Progress, achieved: datetime) -> list[Event]:
    """The completion that the state earns under the latest rules; nothing where it is complete."""
    of = state.of(activity.activity)
    if of.completion is not None or not rules_hold(activity.rules, of):
        return []
    return [
        ActivityCompleted(
            **case.common | {"effective_at": achieved},
            activity=activity.activity,
            activity_type=activity.type,
            score=of.score,
            provenance="earned",
            manually_completed=False,
        )
    ]
