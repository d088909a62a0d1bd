"""B12: what has to be done again."""

from services.cli.demo.school import BIOLOGY, LUCA, MARIA, PRIYA, SOL
from services.cli.demo.script import Chapter, Look, Proof, Renew, Slot
from services.cli.demo.seen import Seen

_MONTHS = 24


def _in_time(seen: Seen) -> bool:
    """The slot began an operation for the two of 2023; Luca's date is two years from today."""
    slot, report = seen.slots["biology-slot"], seen.watched["biology-slot"].report
    reset = {it.data["learner"] for it in seen.of_operation(report.operation)}
    priya, luca = seen.cards["priya-again"], seen.cards["luca-has-time"]
    completed, due = luca.line.completed_at, luca.due
    return (
        (slot.outcome, slot.learners, report.done) == ("begun", 2, 2)
        and reset == {PRIYA, SOL}
        and (priya.line.attempt, priya.line.status, priya.due) == (2, "not_started", None)
        and (completed is not None and due is not None)
        and (due.at - completed).days in {730, 731}
        and not due.overdue
    )


CHAPTER = Chapter(
    title="What has to be renewed",
    plot="Biology is valid for two years from now on. Each day whoever completed it two years "
    "ago, and not again since, begins anew, by itself. Priya and Sol did in 2023, on the other "
    "platform; Luca's card says until when he has time.",
    steps=(
        Renew("renew-biology", BIOLOGY, _MONTHS, MARIA, "Valid for two years."),
        Look("luca-has-time", LUCA, BIOLOGY),
        Slot("biology-slot", "renew-biology"),
        Look("priya-again", PRIYA, BIOLOGY),
    ),
    proofs=(Proof("B12", "two of 2023 begin anew, by a slot; Luca is due in two years", _in_time),),
)
