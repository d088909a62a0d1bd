"""``coursemark reports``: declared here. Every command is of one school."""

from datetime import datetime
from typing import Annotated

import typer

from services.cli.options import Json, with_server
from services.runtime.settings import Settings

app = typer.Typer(
    help="What a school reports on: time ever spent, counts by day, insights per course. A reset "
    "takes nothing away from them; `standing` alone is of today."
)

_DAY = ["%Y-%m-%d"]
Course = Annotated[str | None, typer.Option(help="This course alone.")]
Since = Annotated[
    datetime | None, typer.Option(formats=_DAY, help="From this day on, by when achieved, UTC.")
]
Until = Annotated[datetime | None, typer.Option(formats=_DAY, help="Until the end of this day.")]
Limit = Annotated[int, typer.Option(min=1, max=100_000, help="Lines at the most.")]


@app.command()
@with_server
def time(  # noqa: PLR0913 - each is an option of the command line
    settings: Settings,
    school: str,
    *,
    by: Annotated[
        str, typer.Option(help="learner; or any of course,activity,month; empty for one line.")
    ] = "course",
    learner: Annotated[str | None, typer.Option(help="This learner alone.")] = None,
    course: Course = None,
    since: Since = None,
    until: Until = None,
    after: Annotated[
        str, typer.Option(help="With --by learner: go on after this one, the last of a page.")
    ] = "",
    limit: Limit = 1_000,
    as_json: Json = False,
) -> None:
    """Report all the time ever spent, whatever was reset since.

    Time is kept by month: a period takes in the whole months of its days.
    """
    from services.cli.reports import asking, printing

    period = asking.period(since, until)
    if by == "learner":
        asking.refuse_learner(learner)
        since_whom = asking.learner_after(after)
        report = asking.ask(
            settings,
            lambda it: it.time_by_learner(school, course, period, after=since_whom, limit=limit),
        )
    else:
        divided = asking.time_by(by)
        report = asking.ask(
            settings,
            lambda it: it.time(
                school, divided, period, learner=learner, course=course, limit=limit
            ),
        )
    printing.show(report, limit, as_json=as_json)


@app.command()
@with_server
def counts(  # noqa: PLR0913 - each is an option of the command line
    settings: Settings,
    school: str,
    *,
    by: Annotated[
        str, typer.Option(help="Any of day,course,provenance,administrator; or empty.")
    ] = "day,course",
    kinds: Annotated[
        str,
        typer.Option(
            help="Any of enrolled,unenrolled,activity_completed,course_completed,"
            "activities_reset,course_reset; all by default."
        ),
    ] = "",
    course: Course = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 1_000,
    as_json: Json = False,
) -> None:
    """Count completions, enrolments, unenrolments and resets, by when they were achieved."""
    from services.cli.reports import asking, printing

    divided, wanted = asking.count_by(by), asking.kinds(kinds)
    period = asking.period(since, until)
    report = asking.ask(
        settings,
        lambda it: it.counts(school, divided, wanted, period, course=course, limit=limit),
    )
    printing.show(report, limit, as_json=as_json)


@app.command()
@with_server
def funnel(
    settings: Settings,
    school: str,
    *,
    course: Course = None,
    activities: Annotated[bool, typer.Option(help="By activity.")] = False,
    limit: Limit = 1_000,
    as_json: Json = False,
) -> None:
    """Count learners who ever enrolled, started, completed; each once, whatever was reset."""
    from services.cli.reports import asking, printing

    if activities:
        by_activity = asking.ask(settings, lambda it: it.activity_funnel(school, course, limit))
        printing.show(by_activity, limit, as_json=as_json)
    else:
        report = asking.ask(settings, lambda it: it.funnel(school, course, limit))
        printing.show(report, limit, as_json=as_json)


@app.command()
@with_server
def scores(
    settings: Settings,
    school: str,
    *,
    of: Annotated[
        str,
        typer.Option(help="course: averages at completion; activity: at completion; submission."),
    ] = "course",
    by: Annotated[
        str, typer.Option(help="Any of course,activity,provenance; or empty.")
    ] = "course",
    course: Course = None,
    limit: Limit = 1_000,
    as_json: Json = False,
) -> None:
    """Show how scores are distributed, in buckets of five points, with the exact mean."""
    from services.cli.reports import asking, printing

    scored, divided = asking.scored(of), asking.score_by(by)
    report = asking.ask(settings, lambda it: it.scores(school, scored, divided, course, limit))
    printing.show_scores(report, limit, as_json=as_json)


@app.command()
@with_server
def days(
    settings: Settings,
    school: str,
    *,
    course: Course = None,
    limit: Limit = 1_000,
    as_json: Json = False,
) -> None:
    """Show how many days attempts took that were completed: median, quartiles, extremes.

    From the first enrolment, or from the reset that opened the attempt, to its completion.
    """
    from services.cli.reports import asking, printing

    report = asking.ask(settings, lambda it: it.days(school, course, limit))
    printing.show(report, limit, as_json=as_json)


@app.command()
@with_server
def standing(
    settings: Settings,
    school: str,
    *,
    course: Course = None,
    limit: Limit = 1_000,
    as_json: Json = False,
) -> None:
    """Show where learners stand today, by ten per cent of progress; a reset does change this."""
    from services.cli.reports import asking, printing

    report = asking.ask(settings, lambda it: it.standing(school, course, limit))
    printing.show(report, limit, as_json=as_json)
