"""L1."""

from services.cli.demo.school import BEN, BIOLOGY
from services.cli.demo.script import Chapter, Hear, Look, Proof
from services.cli.demo.seen import Seen
from services.cli.demo.words import spend, submit


def _earned(seen: Seen) -> bool:
    """52 fails and 65 passes; 400 seconds are too few and 200 more are enough."""
    return (
        seen.types("quiz-52") == ["assessment_submitted"]
        and seen.event("quiz-65", "activity_completed")["provenance"] == "earned"
        and seen.types("lab-400") == ["time_spent_recorded"]
        and seen.event("lab-200-more", "activity_completed")["provenance"] == "earned"
    )


CHAPTER = Chapter(
    title="The last activity completes the course",
    plot="Ben learns by himself. The quiz is passed with 60 points, the lab takes ten minutes; "
    "nobody decides but the rules. With the exam nothing required is open any more, and the "
    "course completes by itself: earned, though an optional reader was marked.",
    steps=(
        submit("quiz-52", BEN, BIOLOGY, "quiz", 52),
        submit("quiz-65", BEN, BIOLOGY, "quiz", 65),
        spend("lab-400", BEN, BIOLOGY, "lab", 400),
        spend("lab-200-more", BEN, BIOLOGY, "lab", 200),
        submit("ben-sits-the-exam", BEN, BIOLOGY, "exam", 55),
        Hear("ben-sits-the-exam"),
        Look("ben-is-done", BEN, BIOLOGY),
    ),
    proofs=(Proof("L1", "52 points and 400 s complete nothing; 65 points and 600 s do", _earned),),
)
