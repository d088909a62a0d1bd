"""M3."""

from services.cli.demo.school import CLASS, FIRST_AID, LIFEGUARDS, NEWCOMERS, SAILING
from services.cli.demo.script import Chapter, Proof, Publish, Stand, Watch
from services.cli.demo.seen import Seen
from services.cli.demo.words import enrol_many

_MARKED = ["learner_enrolled", "activity_completed", "activity_completed", "course_completed"]


def _in_one_breath(seen: Seen) -> bool:
    """Each lifeguard is enrolled, and then complete; of the class everybody is enrolled alone."""
    by_learner: dict[str, list[str]] = {}
    for it in seen.of_operation("guards-aboard"):
        by_learner.setdefault(it.data["learner"], []).append(it.type)
    joined = seen.of_operation("class-begins")
    return (
        by_learner == dict.fromkeys(LIFEGUARDS, _MARKED)
        and {it.type for it in joined} == {"learner_enrolled"}
        and {it.data["learner"] for it in joined} == set(CLASS)
    )


CHAPTER = Chapter(
    title="An evening class of twelve hundred",
    plot="Riverside opens an evening class in first aid, and 1,200 people join at once. Forty "
    "lifeguards have sailed for years: they are enrolled in Sailing and marked complete in one "
    "breath. Each list is one operation, in messages of up to a thousand learners.",
    steps=(
        Publish(NEWCOMERS),
        *enrol_many("class-begins", CLASS, courses=[FIRST_AID]),
        Watch("class-has-begun", "class-begins"),
        *enrol_many(
            "guards-aboard",
            LIFEGUARDS,
            courses=[SAILING],
            mark_complete=True,
            send_completion_email=False,
        ),
        Watch("guards-are-aboard", "guards-aboard"),
        Stand("class-before", FIRST_AID),
    ),
    proofs=(
        Proof("M3", "forty are enrolled and complete; twelve hundred are enrolled", _in_one_breath),
    ),
)
