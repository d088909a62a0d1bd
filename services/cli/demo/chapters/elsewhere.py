"""B4, M12."""

from services.cli.demo.school import BIOLOGY, PRIYA, SOL
from services.cli.demo.script import Ask, Chapter, Look, Proof
from services.cli.demo.seen import Seen
from services.cli.demo.words import bring

_DONE = (
    ("welcome", {"effective_at": "2023-05-02T10:00:00Z"}),
    ("quiz", {"effective_at": "2023-05-20T10:00:00Z", "score": 66}),
    ("lab", {"effective_at": "2023-05-25T10:00:00Z"}),
    ("exam", {"effective_at": "2023-06-01T10:00:00Z", "score": 72.5}),
)
"""What the old platform knew."""


def _imports(who: str, learner: str, *, backwards: bool = False) -> tuple[Ask, ...]:
    done = reversed(_DONE) if backwards else iter(_DONE)
    return tuple(bring(f"{who}-{id_}", learner, BIOLOGY, id_, **known) for id_, known in done)


def _in_any_order(seen: Seen) -> bool:
    """The same card, dated by when it was achieved, from imports in opposite orders."""
    one, other = seen.cards["priya-arrives"], seen.cards["sol-arrives"]
    figures = [
        [
            (it.activity, it.line and (it.line.score, it.line.provenance, it.line.completed_at))
            for it in card.activities
        ]
        for card in (one, other)
    ]
    courses = [
        (line.status, line.average_score, line.provenance, line.completed_at)
        for line in (one.line, other.line)
    ]
    completed = seen.event("priya-exam", "course_completed")
    return (
        figures[0] == figures[1]
        and courses[0] == courses[1]
        and completed["effective_at"] == "2023-06-01T10:00:00Z" < completed["recorded_at"]
    )


def _by_itself(seen: Seen) -> bool:
    """With the provenance of the last activity, once in the attempt."""
    last = {
        "exam-marked": "manual",
        "ben-sits-the-exam": "earned",
        "priya-exam": "imported",
        "sol-welcome": "imported",
    }
    found = {name: seen.event(name, "course_completed")["provenance"] for name in last}
    priyas = [it for it in seen.events() if it.data.get("learner") == PRIYA]
    return found == last and [it.type for it in priyas].count("course_completed") == 1


CHAPTER = Chapter(
    title="Coming from another platform",
    plot="Priya and Sol completed the course on the platform that Riverside had before. Their "
    "records are imported, Sol's from the last to the first; the dates are those of then.",
    steps=(
        *_imports("priya", PRIYA),
        *_imports("sol", SOL, backwards=True),
        Look("priya-arrives", PRIYA, BIOLOGY),
        Look("sol-arrives", SOL, BIOLOGY),
    ),
    proofs=(
        Proof(
            "B4", "achieved in 2023, recorded today; in both orders the same card", _in_any_order
        ),
        Proof(
            "M12", "Nadia's last was marked, Ben's earned, Priya's and Sol's imported", _by_itself
        ),
    ),
)
