"""B5, M2."""

from services.cli.demo.school import CLASS, FIRST_AID, SOL
from services.cli.demo.script import Chapter, Proof, Stand, Watch
from services.cli.demo.seen import Seen
from services.cli.demo.words import mark_many

_WHOM = (*CLASS, SOL, "e-9999")
"""Sol was never enrolled in first aid, and nobody is called e-9999."""


def _foreseen(seen: Seen) -> bool:
    """The preview led to no event, and what it said came true, row for row."""
    looked, marked = seen.watched["class-was-looked-at"], seen.watched["class-is-marked"]
    counts = [(it.done, it.skipped, it.failed) for it in (looked.report, marked.report)]
    codes = [[(row.learner, row.code) for row in it.rows] for it in (looked, marked)]
    return (
        not seen.of_operation("class-looked-at")
        and counts[0] == counts[1]
        and codes[0] == codes[1]
        and looked.report.done == len(CLASS)
    )


def _all_of_them(seen: Seen) -> bool:
    """The view has as many more who are complete; each film of each learner is marked."""
    before, after = seen.standing["class-before"], seen.standing["class-after"]
    types = [it.type for it in seen.of_operation("class-marked")]
    return (
        after["completed"] - before.get("completed", 0) == len(CLASS)
        and types.count("activity_completed") == 3 * len(CLASS)
        and types.count("course_completed") == len(CLASS)
    )


CHAPTER = Chapter(
    title="Look first, then mark",
    plot="The class has passed with the Red Cross. Before Maria marks 1,200 people she looks: "
    "a dry run decides every row as the real thing does, and changes nothing. Two names on her "
    "list are wrong, and it says which. Then she does it.",
    steps=(
        *mark_many("class-looked-at", _WHOM, FIRST_AID, dry_run=True),
        Watch("class-was-looked-at", "class-looked-at"),
        *mark_many("class-marked", _WHOM, FIRST_AID, reason="equivalent_outside_activity"),
        Watch("class-is-marked", "class-marked"),
        Stand("class-after", FIRST_AID),
    ),
    proofs=(
        Proof("M2", "1,200 learners completed by one operation, as the view counts", _all_of_them),
        Proof("B5", "nothing changed; then just the rows came that were foreseen", _foreseen),
    ),
)
