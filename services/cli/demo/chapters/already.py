"""M8."""

from services.cli.demo.school import BEN, BIOLOGY
from services.cli.demo.script import Chapter, Proof
from services.cli.demo.seen import Seen
from services.cli.demo.words import mark, visit


def _already(seen: Seen) -> bool:
    result = seen.results["two-marked"]
    return (
        result["skipped"] == [{"activity": "welcome", "code": "already_complete"}]
        and seen.event("two-marked", "activity_completed")["activity"] == "cells"
        and seen.outcome("two-marked-again") == "already_complete"
        and not seen.events("two-marked-again")
    )


CHAPTER = Chapter(
    title="Already complete",
    plot="Ben has watched the welcome. Maria marks it, with the reader, for him: one is left "
    "out and says so, the other is marked. Once more, and nothing is left to mark.",
    steps=(
        visit("ben-is-welcome", BEN, BIOLOGY, "welcome"),
        mark("two-marked", BEN, BIOLOGY, "welcome", "cells"),
        mark("two-marked-again", BEN, BIOLOGY, "welcome", "cells"),
    ),
    proofs=(Proof("M8", "one skipped, its neighbour marked; then rejected as a whole", _already),),
)
