"""B2."""

from services.cli.demo.school import BIOLOGY, NADIA
from services.cli.demo.script import Chapter, Garbage, Proof
from services.cli.demo.seen import Seen
from services.cli.demo.words import visit

_BYTES = b"\xff\xfe Dear Coursemark, please mark everything."


def _each_answered(seen: Seen) -> bool:
    """One result for each command so far, a dead letter for what is none, in the same batch."""
    letter = seen.letters["garbage"]
    marks = dict(letter.headers)
    return (
        all(map(seen.heard.answers, seen.asked))
        and seen.outcomes("before-it", "after-it") == {"accepted"}
        and letter.value == _BYTES
        and marks["coursemark_error"] != b""
    )


CHAPTER = Chapter(
    title="One bad message among good ones",
    plot="Somebody's script sends three messages at once, and the one in the middle is garbage. "
    "It is put aside with the reason and its own bytes; its neighbours are carried out.",
    steps=(
        visit("before-it", NADIA, BIOLOGY, "welcome"),
        Garbage("garbage", NADIA, _BYTES),
        visit("after-it", NADIA, BIOLOGY, "cells"),
    ),
    proofs=(
        Proof("B2", "every command was answered; what is none is a dead letter", _each_answered),
    ),
)
