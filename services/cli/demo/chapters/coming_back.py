"""R6."""

from services.cli.demo.school import BIOLOGY, FIRST_AID, LUCA, SOL
from services.cli.demo.script import Chapter, Look, Proof
from services.cli.demo.seen import Seen
from services.cli.demo.words import enrol, mark, reset, unenrol


def _enrolment(seen: Seen) -> bool:
    refused = seen.outcomes("sol-is-marked", "luca-is-reset") == {"not_enrolled"}
    back = seen.cards["luca-is-back"].line
    before = seen.cards["luca-is-done"].line
    return (
        refused
        and (back.status, back.average_score) == ("completed", before.average_score)
        and back.completed_at == before.completed_at
    )


CHAPTER = Chapter(
    title="Leaving and coming back",
    plot="Sol was never enrolled in First aid. Luca leaves Biology and comes back.",
    steps=(
        mark("sol-is-marked", SOL, FIRST_AID),
        unenrol("luca-leaves", LUCA, BIOLOGY),
        reset("luca-is-reset", LUCA, BIOLOGY),
        enrol("luca-returns", LUCA, BIOLOGY),
        Look("luca-is-back", LUCA, BIOLOGY),
    ),
    proofs=(
        Proof(
            "R6",
            "no mark and no reset without one; who comes back goes on where they stood",
            _enrolment,
        ),
    ),
)
