"""M1, M13."""

from services.cli.demo.school import BIOLOGY, BIOLOGY_1, LUCA
from services.cli.demo.script import Chapter, Look, Proof
from services.cli.demo.seen import Seen
from services.cli.demo.words import mark, visit


def _everything_open(seen: Seen) -> bool:
    """All but the one that was complete, required or optional; then the course."""
    marked = [it.data["activity"] for it in seen.events("all-marked") if "activity" in it.data]
    wanted = [it.activity for it in BIOLOGY_1.activities() if it.activity != "welcome"]
    return marked == wanted and seen.types("all-marked")[-1] == "course_completed"


def _one_several_all(seen: Seen) -> bool:
    counts = [
        seen.types(name).count("activity_completed")
        for name in ("lab-marked", "exam-marked", "all-marked")
    ]
    return counts == [1, 2, 5]


CHAPTER = Chapter(
    title="The whole course",
    plot="Luca has taken a course like this elsewhere. Maria marks the whole course for him.",
    steps=(
        visit("luca-is-welcome", LUCA, BIOLOGY, "welcome"),
        mark("all-marked", LUCA, BIOLOGY, reason="equivalent_outside_activity"),
        Look("luca-is-done", LUCA, BIOLOGY),
    ),
    proofs=(
        Proof(
            "M1",
            "the lab alone, exam and certificate together, all of Luca's course",
            _one_several_all,
        ),
        Proof(
            "M13",
            "every activity that was open, optional ones too, then the course",
            _everything_open,
        ),
    ),
)
