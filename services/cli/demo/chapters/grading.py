"""M6, M7."""

from services.cli.demo.school import BIOLOGY, NADIA
from services.cli.demo.script import Chapter, Look, Proof
from services.cli.demo.seen import Seen
from services.cli.demo.words import mark, submit


def _graded(seen: Seen) -> bool:
    exam, certificate, quiz = (
        seen.activity("nadia-is-done", id_).line for id_ in ("exam", "certificate", "quiz")
    )
    return (
        exam is not None
        and certificate is not None
        and quiz is not None
        and (exam.score, certificate.score) == (100, 100)
        and (quiz.score, quiz.provenance) == (78, "earned")
    )


def _labelled(seen: Seen) -> bool:
    """On the marked activity, on the course that her last mark completed, and in the log."""
    card = seen.cards["nadia-is-done"]
    labels = {
        it.activity: it.line.manually_completed for it in card.activities if it.line is not None
    }
    entry = next(it for it in card.history if it.type.endswith("course_completed.v1"))
    return labels["exam"] and not labels["quiz"] and card.line.manually_completed and entry.manually


CHAPTER = Chapter(
    title="Grading, and scores that are kept",
    plot="Nadia passes the quiz with 78 points. The exam was sat on paper: Maria marks it, and "
    "the certificate with it. That was the last thing open, so the course completes, and this "
    "time the e-mail goes out.",
    steps=(
        submit("quiz-78", NADIA, BIOLOGY, "quiz", 78),
        mark(
            "exam-marked",
            NADIA,
            BIOLOGY,
            "exam",
            "certificate",
            send_completion_email=True,
            reason="equivalent_activity",
            note="Sat on paper.",
        ),
        Look("nadia-is-done", NADIA, BIOLOGY, full=True),
    ),
    proofs=(
        Proof(
            "M6",
            "on the marked exam, on the course that it completed, in the events log",
            _labelled,
        ),
        Proof("M7", "the marked exam and certificate have 100; the quiz keeps its 78", _graded),
    ),
)
