"""B12."""

from services.cli.demo.school import AIKO, FIRST_AID, RESPONDER, SAILING
from services.cli.demo.script import Award, Chapter, Look, Proof, Publish
from services.cli.demo.seen import Seen
from services.cli.demo.words import mark, reset


def _once(seen: Seen) -> bool:
    """With the mark's flag; and the reset course is open again."""
    awards = [it.data for it in seen.events() if it.type == "learning_program_completed"]
    return (
        [(it["learner"], it["command_id"]) for it in awards] == [(AIKO, "sailing-marked")]
        and awards[0]["manually_completed"]
        and awards[0]["courses"] == [FIRST_AID, SAILING]
        and seen.outcome("first-aid-again") == "accepted"
        and seen.cards["aiko-starts-again"].line.status != "completed"
    )


CHAPTER = Chapter(
    title="A learning programme",
    plot="First responder asks for first aid, which Aiko has completed, and for sailing, which "
    "Maria marks. With it the programme is complete. Then Aiko takes first aid once more.",
    steps=(
        Publish((RESPONDER,)),
        mark("sailing-marked", AIKO, SAILING, reason="equivalent_activity"),
        Award(AIKO, RESPONDER.program),
        reset("first-aid-again", AIKO, FIRST_AID, reason="administrative"),
        Look("aiko-starts-again", AIKO, FIRST_AID),
    ),
    proofs=(
        Proof("B12", "complete with its last course, once; a reset takes nothing back", _once),
    ),
)
