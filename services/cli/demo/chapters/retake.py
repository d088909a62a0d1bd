"""M5, R1, R2, R4, R5."""

from services.cli.demo.school import BEN, BIOLOGY, NADIA
from services.cli.demo.script import Chapter, Hear, Look, Proof
from services.cli.demo.seen import Seen
from services.cli.demo.words import mark, reset, submit, without


def _email(seen: Seen) -> bool:
    """Asked for twice in one attempt, sent once; and nobody is asked for no choice."""
    first, second = (
        seen.event(name, "course_completed")["send_completion_email"]
        for name in ("exam-marked", "exam-marked-again")
    )
    return first and not second and seen.outcome("no-choice") == "invalid_command"


def _selected(seen: Seen) -> bool:
    one, whole = (seen.event(name, "progress_reset") for name in ("quiz-reset", "all-reset"))
    return one["activities"] == ["quiz"] and "activities" not in whole


def _from_nothing(seen: Seen) -> bool:
    """Ben's quiz and course are open; Nadia's time begins anew, and reports keep all of it."""
    quiz, ben = seen.activity("ben-tries-again", "quiz").line, seen.cards["ben-tries-again"].line
    nadia = seen.cards["nadia-retakes"].line
    return (
        quiz is None
        and (ben.status, ben.completed_required) == ("not_completed", 3)
        and seen.event("quiz-81", "course_completed")["provenance"] == "earned"
        and (nadia.status, nadia.time_spent, nadia.average_score) == ("not_started", 0, None)
        and (nadia.attempt, nadia.time_spent_ever) == (2, 420)
    )


def _attempts(seen: Seen) -> bool:
    card = seen.cards["nadia-retakes"]
    [first] = card.attempts
    return (
        (card.line.attempt, first.attempt) == (2, 1)
        and (first.status, first.time_spent) == ("completed", 420)
        and first.average_score is not None
        and first.completed_at is not None
    )


CHAPTER = Chapter(
    title="Reset and retake",
    plot="Ben wants a better grade: his quiz is reset, which opens the course again, until he "
    "passes. Nadia's exam is reset and marked again with an e-mail, but in this attempt one went "
    "out. Then all of her course is reset: a second attempt begins, the first stays readable.",
    steps=(
        reset("quiz-reset", BEN, BIOLOGY, "quiz", note="Wants a better grade."),
        Look("ben-tries-again", BEN, BIOLOGY),
        submit("quiz-81", BEN, BIOLOGY, "quiz", 81),
        reset("exam-reset", NADIA, BIOLOGY, "exam"),
        mark("exam-marked-again", NADIA, BIOLOGY, "exam", send_completion_email=True),
        Hear("exam-marked-again"),
        without(mark("no-choice", NADIA, BIOLOGY, "exam"), "send_completion_email"),
        reset("all-reset", NADIA, BIOLOGY, note="Has to be retaken every year."),
        reset("all-reset-again", NADIA, BIOLOGY),
        Look("nadia-retakes", NADIA, BIOLOGY, full=True),
    ),
    proofs=(
        Proof(
            "M5",
            "asked for twice in an attempt, sent once; a command without a choice refused",
            _email,
        ),
        Proof("R1", "Ben's quiz alone; all of Nadia's course", _selected),
        Proof("R2", "score, time and course from nothing; reports keep the 420 s", _from_nothing),
        Proof(
            "R4", "attempt 2, with the time, score and completion of attempt 1 beside it", _attempts
        ),
        Proof(
            "R5",
            "the second reset in a row finds nothing",
            lambda seen: seen.outcome("all-reset-again") == "nothing_to_reset",
        ),
    ),
)
