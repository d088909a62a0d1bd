"""M9: a stuck learner."""

from services.cli.demo.school import BIOLOGY, NADIA
from services.cli.demo.script import Chapter, Look, Proof
from services.cli.demo.seen import Seen
from services.cli.demo.words import mark, spend


def _time_is_left_alone(seen: Seen) -> bool:
    """The rule asks for 600 seconds."""
    lab = seen.activity("nadia-is-helped", "lab").line
    return (
        lab is not None
        and (lab.time_spent, lab.provenance) == (120, "manual")
        and seen.types("lab-marked") == ["activity_completed"]
    )


CHAPTER = Chapter(
    title="A stuck learner is helped",
    plot="The virtual lab wants ten minutes. It crashes after Nadia's first two, again and "
    "again. Maria marks it complete, and says why.",
    steps=(
        spend("lab-two-minutes", NADIA, BIOLOGY, "lab", 120),
        mark("lab-marked", NADIA, BIOLOGY, "lab", source="console", note="The lab crashes."),
        Look("nadia-is-helped", NADIA, BIOLOGY),
    ),
    proofs=(
        Proof(
            "M9",
            "a lab that wants 600 s is complete with the 120 s that were spent",
            _time_is_left_alone,
        ),
    ),
)
