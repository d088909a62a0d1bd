"""What was asked for, read, and answered."""

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args

import typer

from contracts.api.reports import Counted, Scored
from contracts.fields import ID_PATTERN
from services.cli.stack.opening import done
from services.runtime.settings import Settings
from services.views.insights import SCORED, ScoreBy
from services.views.reports import KINDS, CountBy, Period, TimeBy

if TYPE_CHECKING:
    from services.cli.stack.reports.port import Reports

T = TypeVar("T")


def period(since: datetime | None, until: datetime | None) -> Period:
    """From one day to another, both included."""
    if since is not None and until is not None and until < since:
        raise typer.BadParameter("a day that is not before --since.", param_hint="--until")
    return Period(since and since.date(), until and until.date())


def refuse_learner(learner: str | None) -> None:
    """One learner is not divided by learner."""
    if learner is not None:
        raise typer.BadParameter("goes with --by course,activity,month.", param_hint="--learner")


def time_by(text: str) -> list[TimeBy]:
    """Which columns time is divided by."""
    return cast("list[TimeBy]", _some(text, get_args(TimeBy), "--by"))


def count_by(text: str) -> list[CountBy]:
    """Which columns counts are divided by."""
    return cast("list[CountBy]", _some(text, get_args(CountBy), "--by"))


def score_by(text: str) -> list[ScoreBy]:
    """Which columns scores are divided by."""
    return cast("list[ScoreBy]", _some(text, get_args(ScoreBy), "--by"))


def kinds(text: str) -> Sequence[Counted]:
    """What is counted; all where nothing is named."""
    return cast("list[Counted]", _some(text, KINDS, "--kinds")) or KINDS


def scored(text: str) -> Scored:
    """What a score is of."""
    for known in SCORED:
        if text == known:
            return known
    raise typer.BadParameter(f"one of {', '.join(SCORED)}.", param_hint="--of")


def learner_after(text: str) -> str:
    """After whom a page begins; empty: with the first one."""
    if text and not re.fullmatch(ID_PATTERN, text):
        raise typer.BadParameter("a learner's id, as the page before ended.", param_hint="--after")
    return text


def ask(settings: Settings, read: Callable[["Reports"], Awaitable[T]]) -> T:
    """What the reports of the Coursemark that is meant say."""
    return done(settings, lambda stack: read(stack.reporting))


def _some(text: str, known: Sequence[str], option: str) -> list[Any]:
    """Names parted by commas, each a known one."""
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if set(names) - set(known):
        raise typer.BadParameter(f"any of {','.join(known)}.", param_hint=option)
    return names
