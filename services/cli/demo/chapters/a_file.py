"""B8."""

from services.cli.demo.school import CLASS, FIRST_AID, MARIA
from services.cli.demo.script import Chapter, File, Look, Proof, Watch
from services.cli.demo.seen import Seen

_TEXT = f"""\
learner,course,activity,completed_at,score
{CLASS[0]},{FIRST_AID},signs,2024-03-01,
{CLASS[0]},{FIRST_AID},breathing,2024-03-02,92.5
{CLASS[1]},{FIRST_AID},breathing,2024-02-30,
{CLASS[2]},{FIRST_AID},,2024-03-04,
{CLASS[3]},{FIRST_AID},juggling,2024-03-04,
"""


def _all_at_once(seen: Seen) -> bool:
    """Both mistakes, with their lines, before anything was sent; the others as they say."""
    problems = [(it.line, it.column) for it in seen.problems["red-cross"]]
    first, again = (seen.watched[it].report for it in ("red-cross-done", "red-cross-again-done"))
    breathing = seen.activity("first-of-the-file", "breathing").line
    return (
        problems == [(4, "completed_at"), (6, "activity")]
        and (first.done, first.total) == (3, 3)
        and (again.done, dict(again.skipped)) == (0, {"already_complete": 3})
        and breathing is not None
        and (breathing.score, breathing.provenance) == (92.5, "imported")
        and f"{breathing.completed_at:%Y-%m-%d}" == "2024-03-02"
    )


CHAPTER = Chapter(
    title="A file with two mistakes",
    plot="The Red Cross sends a list of who did what, and when. It is checked as a whole: both "
    "mistakes are told, each with its line, before anything is sent. The other lines are "
    "imported. The same file once more changes nothing.",
    steps=(
        File("red-cross", MARIA, _TEXT),
        Watch("red-cross-done", "red-cross"),
        Look("first-of-the-file", CLASS[0], FIRST_AID),
        File("red-cross-again", MARIA, _TEXT),
        Watch("red-cross-again-done", "red-cross-again"),
    ),
    proofs=(
        Proof(
            "B8", "two mistakes told, three lines done, with their dates; then none", _all_at_once
        ),
    ),
)
