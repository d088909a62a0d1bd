"""Look, reset, and look again."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from rich.table import Table

from benchmarks.r3.school import College
from benchmarks.r3.things import Thing, things

LOOKS = 300
"""How often the views are looked at before it is said that they stay behind."""

Run = Callable[..., str]
"""``run(*words, stdin="")``: what ``coursemark`` with these words prints; it must end with 0."""


class BehindError(Exception):
    """``views_behind``: the views do not come to the end of the log."""


class Seen(NamedTuple):
    """A thing as it was told before and after the reset."""

    thing: Thing
    before: str
    after: str

    @property
    def as_it_should_be(self) -> bool:
        """The same where the reset must not touch it, another where it must change it."""
        return (self.before == self.after) is self.thing.kept


def look(run: Run, school: str) -> list[Seen]:
    """The whole of it, in a school of its own.

    Raises:
        BehindError: the views stay behind.
    """
    college, named = College(school), things(school)
    run("send", "--file", "-", stdin=college.happened())
    before = _tell(run, named)
    run("send", "--file", "-", stdin=college.reset())
    after = _tell(run, named)
    return [Seen(*each) for each in zip(named, before, after, strict=True)]


def table(seen: list[Seen]) -> Table:
    """A row for each thing."""
    made = Table("rule", "what", "before the reset", "after it", show_lines=True)
    made.add_column("")
    for it in seen:
        how = _how(it)
        made.add_row(
            it.thing.rule,
            it.thing.name,
            it.before,
            it.after,
            how if it.as_it_should_be else f"[red]{how}[/]",
        )
    return made


def _how(seen: Seen) -> str:
    if not seen.thing.ask:
        return "not held"
    return "the same" if seen.before == seen.after else "changed"


def _tell(run: Run, named: list[Thing]) -> list[str]:
    _catch_up(run)
    return [thing.tell(_asked(run, thing)) for thing in named]


def _asked(run: Run, thing: Thing) -> Any:
    return json.loads(run(*thing.ask, "--json")) if thing.ask else None


def _catch_up(run: Run) -> None:
    for _ in range(LOOKS):
        views = json.loads(run("projections", "list", "--json"))
        if not any(it["behind"] for it in views if it["kind"] == "view"):
            return
    raise BehindError(f"views_behind: after {LOOKS} looks the views have not all that was sent")
