"""B7."""

from services.cli.demo.school import CLASS, FIRST_AID
from services.cli.demo.script import Chapter, Look, Proof, Stand, Watch
from services.cli.demo.seen import Seen
from services.cli.demo.words import undo_many, visit

_ONE = CLASS[6]


def _as_before(seen: Seen) -> bool:
    """As many are complete as before the mark; the log holds both, the mark and the undo.

    Of the learner who looked in since, the film that she saw is earned, and nothing else is done.
    """
    before, after = seen.standing["class-before"], seen.standing["class-taken-back"]
    undone = [it.type for it in seen.of_operation("class-back")]
    films = {it.activity: it.line for it in seen.cards["one-is-back"].activities}
    seen_since = films["signs"]
    return (
        after.get("completed", 0) == before.get("completed", 0)
        and undone.count("completion_revoked") == len(CLASS) + 1
        and (seen_since is not None and seen_since.provenance == "earned")
        and (films["breathing"], films["bandages"]) == (None, None)
        and bool(seen.of_operation("class-marked"))
    )


CHAPTER = Chapter(
    title="Taken back",
    plot="It was the wrong list: this class passed only half of the test. One of them has looked "
    "into a film since. Maria takes the whole operation back. Nothing is deleted; an event for "
    "each learner says how the record stands without the mark, and what the learner did stays.",
    steps=(
        visit("one-looks-in", _ONE, FIRST_AID, "signs"),
        Look("one-is-marked", _ONE, FIRST_AID),
        undo_many("class-back", "class-marked"),
        Watch("class-is-back", "class-back"),
        Look("one-is-back", _ONE, FIRST_AID),
        Stand("class-taken-back", FIRST_AID),
    ),
    proofs=(Proof("B7", "as many complete as before; what a learner did since stays", _as_before),),
)
