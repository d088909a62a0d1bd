"""What is asked for, step by step, and why what happens may be another than was foreseen. Pure.

Every reason says by how many, worked out from the school as it was made up.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.oulad import completions
from benchmarks.previews import asked, before, counting, school
from benchmarks.previews.comparing import Reasons, Why, merged
from benchmarks.previews.counting import Counts
from benchmarks.previews.happening import Happened
from benchmarks.previews.school import FIRST_AID, STARTER
from contracts.commands import Command
from contracts.operations import BeginningCommand

Parts = Callable[..., list[BeginningCommand]]
"""The parts of an operation; ``operation`` and ``dry_run`` are given."""
STRANGERS = len(school.FOREIGN) + len(school.UNKNOWN)
NO_REASON: Mapping[str, Why] = {}


@dataclass(frozen=True, kw_only=True)
class Step:
    """``parts``: as an operation; ``words``: as a preview by command.

    ``really``: words in place of the operation; ``first``: commands beforehand; ``between``:
    commands after the previews. ``listed``: what only the list of learners knows. ``awards``: how
    many programmes are completed. ``reasons``, ``by_command``: why what happens is another than
    the operation's preview, and than the command's.
    """

    title: str
    parts: Parts
    words: Sequence[str]
    really: Sequence[str] = ()
    first: Sequence[Command] = ()
    between: Sequence[Command] = ()
    listed: Counts = field(default_factory=Counter)
    awards: int = 0
    reasons: Mapping[str, Why] = field(default_factory=dict)
    by_command: Mapping[str, Why] = field(default_factory=dict)

    def why(self, happened: Happened, *, by_command: bool = False) -> Reasons:
        """All reasons, with those that every operation may have."""
        own = self.by_command if by_command else self.reasons
        return merged(own, *_always(happened, self.awards))


def steps(size: int, folder: Path) -> list[Step]:
    """In the order in which they are told, but for the undo, which needs an operation's id."""
    return [
        _enrol(size, folder),
        _mark(size, folder),
        _reset(size, folder),
        _import(size, folder),
        _with_others(size, folder),
    ]


def undo(size: int, undoes: str) -> Step:
    """Of the marks; of some of these learners all was reset since."""
    resets = [
        before.reset(school.learner("mark", number))
        for number in range(size)
        if school.stands(number) == school.HAS_READ
    ]
    return Step(
        title="Undo of what was marked, after some of them were reset",
        parts=lambda **how: asked.undo(undoes, **how),
        words=("preview", "undo", "--operation", undoes),
        first=resets,
    )


def _enrol(size: int, folder: Path) -> Step:
    whom = asked.whom("enrol", size)
    how = ("--program", STARTER, "--mark-complete", "--email")
    return Step(
        title="Enrol in a programme of two courses, and mark them complete, with the e-mail",
        parts=lambda **more: asked.enrol(whom, **more),
        words=("preview", "enrol", *how, *_named(folder / "enrol.txt", whom)),
        listed=Counter({counting.skipped("named_twice"): 1}),
        awards=_number(size, lambda it: not school.is_awarded(it)),
        by_command=_left_out(2),
    )


def _mark(size: int, folder: Path) -> Step:
    whom = asked.whom("mark", size)
    how = ("--course", FIRST_AID, "--activity", "quiz", "--activity", "practical", "--email")
    return Step(
        title="Mark two activities complete, with the e-mail",
        parts=lambda **more: asked.mark(whom, "quiz", "practical", **more),
        words=("preview", "mark", *how, *_named(folder / "mark.txt", whom)),
        listed=Counter({counting.skipped("named_twice"): 1}),
        awards=_number(size, lambda it: _is_safe(it, school.HAS_READ, school.HAS_PASSED)),
        by_command=_left_out(1),
    )


def _reset(size: int, folder: Path) -> Step:
    whom = asked.whom("reset", size)
    how = ("--course", FIRST_AID, "--whole-course")
    return Step(
        title="Reset a whole course",
        parts=lambda **more: asked.reset(whom, **more),
        words=("preview", "reset", *how, *_named(folder / "reset.txt", whom)),
        listed=Counter({counting.skipped("named_twice"): 1}),
        by_command=_left_out(1),
    )


def _import(size: int, folder: Path) -> Step:
    lines = asked.lines(size)
    file = str(completions.write(folder / "import.csv", lines, asked.HEADINGS))
    how = ("import", file, "--enroll", "--email", "--skip-invalid")
    two = _number(size, lambda it: school.stands(it) in {school.NOWHERE, school.ENROLLED})
    one = _number(size, lambda it: school.stands(it) == school.HAS_READ)
    opened = {
        counting.LOCKED: Why(-2 * two - one, "locked at their turn, opened by lines that followed")
    }
    refused = Why(-STRANGERS, "lines that were refused when the file was checked, before sending")
    new = {school.NOWHERE, school.ENROLLED, school.HAS_READ, school.HAS_PASSED, school.LEFT}
    return Step(
        title="Import of a file",
        parts=lambda **more: asked.imported(lines, **more),
        words=(*how, "--dry-run"),
        really=(*how, "--yes"),
        awards=_number(size, lambda it: _is_safe(it, *new)),
        reasons={counting.failed("unknown_learner"): refused, **opened},
        by_command=opened,
    )


def _with_others(size: int, folder: Path) -> Step:
    """Between the previews and the marks some learners do it themselves."""
    whom = asked.whom("reset", size)
    busy = [number for number in range(size) if school.stands(number) == school.HAS_PASSED]
    how = ("--course", FIRST_AID, "--activity", "read", "--email")
    words = "have read it themselves in between"
    fewer = (
        *(counting.DONE, counting.event("activity_completed"), counting.ON_WEBHOOKS),
        *(counting.ON_ZAPIER, counting.WEBHOOKS, counting.ZAPS),
    )
    reasons = {
        **{name: Why(-len(busy), words) for name in fewer},
        counting.skipped("already_complete"): Why(len(busy), words),
    }
    return Step(
        title="Mark one activity complete, while learners are at it too",
        parts=lambda **more: asked.mark(whom, "read", **more),
        words=("preview", "mark", *how, *_named(folder / "others.txt", whom)),
        between=[before.visit(school.learner("reset", number), "read") for number in busy],
        listed=Counter({counting.skipped("named_twice"): 1}),
        reasons=reasons,
        by_command=reasons | _left_out(1),
    )


def _always(happened: Happened, awards: int) -> Iterable[Mapping[str, Why]]:
    certificates = happened.number("activity_completed", activity_type="certificate")
    silent = sum(school.is_silent(it.learner) for it in happened.notices)
    for topic in (counting.ON_WEBHOOKS, counting.ON_ZAPIER):
        yield {topic: Why(certificates, "certificates, told beside their completion")}
        yield {topic: Why(awards, "completed programmes")}
    yield {
        counting.event("learning_program_completed"): Why(
            awards, "programmes are awarded behind the operation; the webhooks count them"
        ),
        counting.NOTICES: Why(silent, "have no address or want no e-mails; the mailer leaves them"),
    }


def _left_out(courses: int) -> dict[str, Why]:
    return {
        counting.failed("unknown_learner"): Why(
            STRANGERS * courses, "named, and left out, by --skip-unknown"
        ),
        counting.skipped("named_twice"): Why(1, "whoever is named again counts once"),
    }


def _named(file: Path, whom: Sequence[str]) -> tuple[str, ...]:
    file.write_text("".join(f"{name}\n" for name in whom), "utf-8")
    return "--learners", str(file), "--skip-unknown"


def _is_safe(number: int, *stands: int) -> bool:
    """Has completed safety, and stands so in first aid."""
    return school.safety(number) == school.SAFE and school.stands(number) in stands


def _number(size: int, which: Callable[[int], bool]) -> int:
    return sum(map(which, range(size)))
