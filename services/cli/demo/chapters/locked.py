"""M10, L3."""

from services.cli.demo.school import AIKO, FIRST_AID, LUCA, SAILING
from services.cli.demo.script import Chapter, Look, Proof
from services.cli.demo.seen import Seen
from services.cli.demo.words import mark, visit

_SHUT = ("aiko-is-early", "aiko-is-still-early", "luca-is-early")


def _stays_locked(seen: Seen) -> bool:
    """Marked and locked; and the activity after it opens as if it had been earned."""
    breathing = seen.activity("aiko-is-marked", "breathing")
    return (
        seen.outcome("breathing-marked") == "accepted"
        and breathing.line is not None
        and breathing.line.provenance == "manual"
        and breathing.locked
        and seen.outcome("aiko-goes-on") == "accepted"
    )


def _refused(seen: Seen) -> bool:
    shut = seen.outcomes(*_SHUT) == {"activity_locked"} and not any(map(seen.events, _SHUT))
    return shut and seen.outcome("aiko-is-in-time") == "accepted"


CHAPTER = Chapter(
    title="Locked stays locked",
    plot="First aid is sequential. Aiko tries the second film first; Maria marks it; it stays "
    "shut for her until she has seen the first. The third then opens. In Sailing the harbour "
    "opens seven days after enrolment: Aiko enrolled ten days ago, Luca today.",
    steps=(
        visit("aiko-is-early", AIKO, FIRST_AID, "breathing"),
        mark("breathing-marked", AIKO, FIRST_AID, "breathing", reason="tested_out"),
        visit("aiko-is-still-early", AIKO, FIRST_AID, "breathing"),
        Look("aiko-is-marked", AIKO, FIRST_AID),
        visit("aiko-begins", AIKO, FIRST_AID, "signs"),
        visit("aiko-goes-on", AIKO, FIRST_AID, "bandages"),
        visit("luca-is-early", LUCA, SAILING, "harbour"),
        visit("aiko-is-in-time", AIKO, SAILING, "harbour"),
    ),
    proofs=(
        Proof(
            "M10",
            "a marked film is complete and shut; it counts for the film after it",
            _stays_locked,
        ),
        Proof("L3", "three visits to locked activities refused, sequential and drip-fed", _refused),
    ),
)
