"""B1."""

from services.cli.demo.chapters.a_mark import CHAPTER as A_MARK
from services.cli.demo.school import BEN, BIOLOGY
from services.cli.demo.script import Ask, Chapter, Proof
from services.cli.demo.seen import Seen
from services.cli.demo.words import again, visit

_MARK = next(step for step in A_MARK.steps if isinstance(step, Ask) and step.name == "lab-marked")


def _the_same(seen: Seen) -> bool:
    """Byte for byte, though Nadia's course was reset since; and nothing is appended."""
    *stored, _reused = seen.heard.answers("lab-marked")
    return (
        len(stored) > len(set(stored)) == 1
        and seen.outcome("lab-marked-otherwise") == "command_id_reused"
        and seen.types("lab-marked") == ["activity_completed"]
        and seen.outcome("ben-is-welcome-again") == "accepted"
        and not seen.events("ben-is-welcome-again")
    )


CHAPTER = Chapter(
    title="The same command twice",
    plot="A producer that got no answer sends Maria's first mark again: the answer is the stored "
    "one, and nothing is marked twice. Another command under that id is refused. And Ben visits "
    "the welcome once more, under an id of its own: harmless too.",
    steps=(
        again(_MARK, "lab-marked-again"),
        again(_MARK, "lab-marked-otherwise", activities=["quiz"]),
        visit("ben-is-welcome-again", BEN, BIOLOGY, "welcome"),
    ),
    proofs=(
        Proof(
            "B1",
            "the stored result, byte for byte; another body refused; no event twice",
            _the_same,
        ),
    ),
)
