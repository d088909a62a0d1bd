"""B6."""

from services.cli.demo.school import AIKO, FIRST_AID, SOL
from services.cli.demo.script import Chapter, Proof, Watch
from services.cli.demo.seen import Seen
from services.cli.demo.words import enrol, mark_many, steer

_LATER = "2099-06-01T22:00:00Z"


def _repaired(seen: Seen) -> bool:
    """Of the two failed rows one was tried again with success; no other row was touched."""
    before, after = seen.watched["class-is-marked"].report, seen.watched["class-again"].report
    sols = [it for it in seen.of_operation("class-marked") if it.data["learner"] == SOL]
    return (
        dict(before.failed) == {"not_enrolled": 1, "unknown_learner": 1}
        and (after.done, dict(after.failed)) == (before.done + 1, {"unknown_learner": 1})
        and sols[-1].type == "course_completed"
    )


def _steered(seen: Seen) -> bool:
    """It never began, and nothing came of it."""
    states = [
        seen.watched[name].report.state
        for name in ("tonight-waits", "tonight-paused", "tonight-waits-again", "tonight-cancelled")
    ]
    return (
        states == ["scheduled", "paused", "scheduled", "cancelled"]
        and seen.outcome("tonight-pause-again") == "operation_conflict"
        and not seen.of_operation("tonight")
    )


CHAPTER = Chapter(
    title="Watch, stop, repair",
    plot="Sol is enrolled after all, and Maria tries the failed rows again: those two, and no "
    "other. Another operation was put off until later: it is paused, resumed, and called off.",
    steps=(
        enrol("sol-joins-the-class", SOL, FIRST_AID),
        steer("class-retried", "class-marked", "retry"),
        Watch("class-again", "class-marked"),
        *mark_many("tonight", [AIKO], FIRST_AID, start_at=_LATER),
        Watch("tonight-waits", "tonight"),
        steer("tonight-pause", "tonight", "pause"),
        Watch("tonight-paused", "tonight"),
        steer("tonight-resume", "tonight", "resume"),
        Watch("tonight-waits-again", "tonight"),
        steer("tonight-cancel", "tonight", "cancel"),
        steer("tonight-pause-again", "tonight", "pause"),
        Watch("tonight-cancelled", "tonight"),
    ),
    proofs=(
        Proof(
            "B6",
            "the failed rows alone were tried again; what was called off did nothing",
            lambda seen: _repaired(seen) and _steered(seen),
        ),
    ),
)
