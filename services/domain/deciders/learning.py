"""What the player reports of a learner (L1 to L4)."""

from typing import assert_never

from contracts.catalog import Activity
from contracts.commands import Claim, Join, RecordActivity, Signal, Submission, TimeSpent, Visit
from contracts.events import (
    ActivityClaimed,
    ActivityJoined,
    ActivityVisited,
    AssessmentSubmitted,
    Event,
    TimeSpentRecorded,
)
from services.domain.access import is_locked
from services.domain.completion import passes
from services.domain.deciders.closing import close
from services.domain.deciders.earning import earned
from services.domain.decision import Accepted, Case, Decision, Refused
from services.domain.evolve import fold


def record(case: Case, command: RecordActivity) -> Decision:
    """Record the signal, and complete the activity where its rules hold then."""
    activity = case.course.activities.get(command.activity)
    if activity is None:
        return Refused(
            "unknown_activity",
            f"{command.course} has no activity {command.activity}; "
            "publish the course structure that has it, or name another.",
        )
    if is_locked(case.course, case.state, command.activity, case.effective_at):
        return Refused(
            "activity_locked",
            f"{command.activity} is locked for {command.learner}; "
            "its access rules have to open it first.",
            {"access": case.course.structure.access},
        )
    events = _signal(case, activity, command.signal)
    after = fold(case.state, events)
    return Accepted(close(case, events + earned(case, activity, after, case.effective_at)))


def _signal(case: Case, activity: Activity, signal: Signal) -> list[Event]:
    fields = case.common | {"activity": activity.activity}
    known = case.state.of(activity.activity)
    match signal:
        case Visit():
            return [] if known.visited else [ActivityVisited(**fields)]
        case Join():
            return [] if known.joined else [ActivityJoined(**fields)]
        case Claim():
            return [] if known.claimed else [ActivityClaimed(**fields)]
        case TimeSpent():
            return [TimeSpentRecorded(**fields, seconds=signal.seconds)]
        case Submission():
            passed = passes(activity.rules, signal.score)
            return [AssessmentSubmitted(**fields, score=signal.score, passed=passed)]
        case _:
            assert_never(signal)
