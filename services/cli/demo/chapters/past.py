"""B10."""

from services.cli.demo.school import BIOLOGY, NADIA
from services.cli.demo.script import Chapter, Look, Proof, Rebuild
from services.cli.demo.seen import Seen


def _told(seen: Seen) -> bool:
    then, now = seen.cards["nadia-then"].line, seen.cards["nadia-now"].line
    rebuilt = seen.rebuilt
    return (
        (then.attempt, then.status) == (1, "completed")
        and (now.attempt, now.status) == (2, "not_completed")
        and rebuilt is not None
        and rebuilt.events == len([it for it in seen.events() if "learner" in it.data])
        and rebuilt.reads > 0
        and rebuilt.missed == rebuilt.differing == 0
    )


CHAPTER = Chapter(
    title="The past",
    plot="What did Nadia's record say before it was reset? The log alone can tell. From the log "
    "the progress view is built anew, while somebody keeps reading it; then every row of every "
    "view is held against the log.",
    steps=(
        Look("nadia-now", NADIA, BIOLOGY),
        Look("nadia-then", NADIA, BIOLOGY, then="exam-marked-again", full=True),
        Rebuild("progress", NADIA),
    ),
    proofs=(
        Proof(
            "B10", "the first attempt as it stood; a rebuild without a missed read; no drift", _told
        ),
    ),
)
