"""A1, A2, A3."""

from services.cli.demo.school import (
    BIOLOGY,
    EDITH,
    HILLSIDE,
    LAKESIDE,
    MARIA,
    NADIA,
    OMAR,
    TOM,
)
from services.cli.demo.script import Chapter, Proof
from services.cli.demo.seen import Seen
from services.cli.demo.words import mark


def _administrators_alone(seen: Seen) -> bool:
    return (
        seen.outcome("tom-asks") == "not_permitted"
        and not seen.events("tom-asks")
        and seen.outcome("maria-asks") == "accepted"
        and seen.event("maria-asks", "activity_completed")["actor"] == MARIA
    )


def _plan(seen: Seen) -> bool:
    return seen.outcome("edith-asks") == "feature_not_available" and not seen.events("edith-asks")


def _schools_apart(seen: Seen) -> bool:
    """Omar changes nothing at Riverside, and cannot tell Nadia from nobody."""
    looks = seen.results["omar-looks"], seen.results["omar-looks-for-nobody"]
    return (
        seen.outcome("omar-reaches-over") == "not_permitted"
        and not seen.events("omar-reaches-over")
        and looks[0]["code"] == looks[1]["code"] == "unknown_course"
        and looks[0]["message"] == looks[1]["message"]
    )


CHAPTER = Chapter(
    title="Who may",
    plot="Tom, an instructor, asks for a mark and claims to be an administrator; Maria, the "
    "registrar, asks for the same. Edith administers a school whose plan lacks the feature. "
    "Omar administers Lakeside and tries his hand at Riverside's learners.",
    steps=(
        mark("tom-asks", NADIA, BIOLOGY, "welcome", actor=TOM, role_level="admin"),
        mark("maria-asks", NADIA, BIOLOGY, "welcome"),
        mark("edith-asks", "h-20", "history", actor=EDITH, school=HILLSIDE),
        mark("omar-reaches-over", NADIA, BIOLOGY, "lab", actor=OMAR),
        mark("omar-looks", NADIA, BIOLOGY, actor=OMAR, school=LAKESIDE),
        mark("omar-looks-for-nobody", "nobody", BIOLOGY, actor=OMAR, school=LAKESIDE),
    ),
    proofs=(
        Proof(
            "A1",
            "an instructor's claim is not believed; the registrar's mark is made",
            _administrators_alone,
        ),
        Proof("A2", "a school on the plan free_trial is refused", _plan),
        Proof(
            "A3",
            "another school's administrator changes nothing and learns nothing",
            _schools_apart,
        ),
    ),
)
