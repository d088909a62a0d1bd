"""L2, L4."""

from services.cli.demo.school import BIOLOGY, NADIA
from services.cli.demo.script import Chapter, Look, Proof
from services.cli.demo.seen import Seen
from services.cli.demo.words import again, spend, submit

_REPORT = spend("lab-five-minutes", NADIA, BIOLOGY, "lab", 300)


def _undoes_nothing(seen: Seen) -> bool:
    exam = seen.activity("nadia-is-late", "exam").line
    return (
        exam is not None
        and (exam.score, exam.provenance) == (100, "manual")
        and seen.types("exam-35") == ["assessment_submitted"]
        and seen.types("lab-five-minutes") == ["time_spent_recorded"]
        and seen.cards["nadia-is-late"].line.status == "completed"
    )


def _counts_once(seen: Seen) -> bool:
    lab = seen.activity("nadia-is-late", "lab").line
    return (
        lab is not None
        and (lab.time_spent, lab.time_spent_ever) == (120 + 300, 120 + 300)
        and seen.results["lab-five-minutes"] == seen.results["lab-five-minutes-again"]
    )


CHAPTER = Chapter(
    title="Late signals",
    plot="Nadia's tablet comes back on line with a poor practice exam and five minutes in the "
    "lab, and the connection is so bad that the report is delivered twice.",
    steps=(
        submit("exam-35", NADIA, BIOLOGY, "exam", 35),
        _REPORT,
        again(_REPORT, "lab-five-minutes-again"),
        Look("nadia-is-late", NADIA, BIOLOGY),
    ),
    proofs=(
        Proof(
            "L2",
            "35 points are recorded; the exam stays at 100, marked, complete once",
            _undoes_nothing,
        ),
        Proof("L4", "120 s and a report of 300 s, delivered twice, are 420 s", _counts_once),
    ),
)
