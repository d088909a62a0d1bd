"""A school's policies."""

from services.cli.demo.school import BIOLOGY, CLASS, FIRST_AID, INES, NADIA, TOM
from services.cli.demo.script import Chapter, Limits, Proof, Watch
from services.cli.demo.seen import Seen
from services.cli.demo.words import mark, mark_many, steer
from services.domain.policy import Policy

_WHOM = CLASS[:200]
_COMPLETE = CLASS[2]
"""Since the file of the Red Cross."""
_NOTE = "The second half of the test is passed."


def _held(seen: Seen) -> bool:
    """Held until a second administrator approved it, and not the one who asked."""
    held, done = seen.watched["half-is-held"].report, seen.watched["half-is-done"].report
    marked = {it.data["learner"] for it in seen.of_operation("half-the-class")}
    return (
        seen.outcome("without-a-note") == "note_required"
        and (held.state, held.pause_reason) == ("paused", "approval_required")
        and (held.done, held.total) == (0, len(_WHOM))
        and seen.outcome("maria-approves") == "operation_conflict"
        and seen.outcome("tom-approves") == "not_permitted"
        and (done.state, done.approved_by) == ("completed", INES)
        and marked == {*_WHOM} - {_COMPLETE}
    )


CHAPTER = Chapter(
    title="Four eyes",
    plot="After that, Riverside wants a note with every mark, and a second administrator where "
    "more than a hundred learners are completed. Maria cannot approve her own operation, and "
    "Tom, the instructor, cannot either. Ines, the head of studies, can.",
    steps=(
        Limits(Policy(four_eyes_above=100, note_required=True)),
        mark("without-a-note", NADIA, BIOLOGY, "welcome"),
        *mark_many("half-the-class", _WHOM, FIRST_AID, note=_NOTE),
        Watch("half-is-held", "half-the-class"),
        steer("maria-approves", "half-the-class", "approve"),
        steer("tom-approves", "half-the-class", "approve", TOM),
        steer("ines-approves", "half-the-class", "approve", INES),
        Watch("half-is-done", "half-the-class"),
    ),
    proofs=(Proof("policies", "no note, no mark; 200 rows waited for the second one", _held),),
)
