"""B9, M14."""

from services.cli.demo.school import AIKO, BEN, BIOLOGY, BIOLOGY_2, FIRST_AID, FIRST_AID_2
from services.cli.demo.script import Chapter, Look, Proof, Publish
from services.cli.demo.seen import Seen


def _completes(seen: Seen) -> bool:
    """By the change itself; the structures are events, and no rate leaves 0 to 100."""
    aiko = seen.cards["aiko-is-done"].line
    rates = [card.line.progress_rate for card in seen.cards.values()]
    published = [
        it.data["structure_version"]
        for it in seen.events()
        if it.type == "course_structure_published"
    ]
    causes = [
        it.data["cause"]
        for it in seen.events()
        if it.type == "course_completed" and it.data["learner"] == AIKO
    ]
    return (
        causes == ["structure_change"]
        and (aiko.status, aiko.progress_rate) == ("completed", 100)
        and published == [1, 2, 1, 2, 1]
        and all(0.0 <= rate <= 100.0 for rate in rates)  # noqa: PLR2004 - the rule itself
    )


def _stays(seen: Seen) -> bool:
    ben = seen.cards["ben-stays-done"].line
    return (ben.status, ben.structure_version, ben.required) == ("completed", 2, 5)


CHAPTER = Chapter(
    title="A course gets a new structure",
    plot="First aid loses its practical: Aiko has done all the rest. Biology gains an essay that "
    "is required: Ben, who has completed it, stays completed. Nobody presses a button.",
    steps=(
        Publish((FIRST_AID_2, BIOLOGY_2)),
        Look("aiko-is-done", AIKO, FIRST_AID),
        Look("ben-stays-done", BEN, BIOLOGY),
    ),
    proofs=(
        Proof("B9", "Aiko's course completes, with the structure change as its cause", _completes),
        Proof("M14", "Ben's stays completed, at 4 of 5 required activities", _stays),
    ),
)
