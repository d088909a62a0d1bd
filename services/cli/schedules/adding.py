"""``coursemark schedules add``: declared here, one command for each thing that is done."""

from typing import Annotated, Any

import typer

from services.cli.many.options import option
from services.cli.many.what import (
    WHAT,
    Activity,
    Course,
    Courses,
    Email,
    EmailOfMarked,
    MarkComplete,
    Programs,
    WholeCourse,
    WholeReset,
    activities,
    enrolled_in,
)
from services.cli.schedules.options import When, adding
from services.runtime.settings import Settings

_WHOM = "For whom"
app = typer.Typer(help="Add a schedule: it says what it will do and when, and asks once.")

Tag = Annotated[
    list[str] | None, option(_WHOM, "Whoever has this tag at the time; several: all of them.")
]
Search = Annotated[str | None, option(_WHOM, "Whom this saved search finds at the time.")]


def _recertify(
    settings: Settings,
    when: When,
    *,
    course: Course,
    months: Annotated[
        int, option(WHAT, "For whose completion is so many months old then, or older.")
    ],
    warn_days: Annotated[
        int | None, option(WHAT, "Warn each of them so many days before, once.")
    ] = None,
) -> None:
    """Reset a course for those whose completion of it has become too old.

    Whoever has completed it anew since, or is not enrolled, is left alone.
    """
    _keep(settings, when, what="recertify", course=course, months=months, warn_days=warn_days)


def _enrol(
    settings: Settings,
    when: When,
    *,
    course: Courses = None,
    program: Programs = None,
    mark_complete: MarkComplete = False,
    email: EmailOfMarked = None,
    tag: Tag = None,
    search: Search = None,
) -> None:
    """Enrol learners in courses, or in every course of learning programmes."""
    named = enrolled_in(course, program)
    if mark_complete is (email is None):
        raise typer.BadParameter("--mark-complete goes with --email or --no-email.")
    _keep(
        *(settings, when),
        what="enroll",
        whom=_whom(tag, search),
        **named,
        mark_complete=mark_complete,
        send_completion_email=email,
    )


def _mark(
    settings: Settings,
    when: When,
    *,
    course: Course,
    activity: Activity = None,
    whole_course: WholeCourse = False,
    email: Email,
    tag: Tag = None,
    search: Search = None,
) -> None:
    """Mark activities, or the whole course, complete."""
    _keep(
        *(settings, when),
        what="mark_complete",
        whom=_whom(tag, search),
        course=course,
        activities=activities(activity, whole_course=whole_course),
        send_completion_email=email,
    )


def _reset(
    settings: Settings,
    when: When,
    *,
    course: Course,
    activity: Activity = None,
    whole_course: WholeReset = False,
    tag: Tag = None,
    search: Search = None,
) -> None:
    """Reset activities, or the whole course."""
    _keep(
        *(settings, when),
        what="reset_progress",
        whom=_whom(tag, search),
        course=course,
        activities=activities(activity, whole_course=whole_course),
    )


app.command("recertify")(adding(_recertify))
app.command("enrol")(adding(_enrol))
app.command("enroll", hidden=True)(adding(_enrol))
app.command("mark")(adding(_mark))
app.command("reset")(adding(_reset))


def _whom(tags: list[str] | None, search: str | None) -> dict[str, Any]:
    if bool(tags) is (search is not None):
        raise typer.BadParameter("say for whom: --tag (repeat it for more) or --search NAME.")
    return (
        {"by": "search", "search": search} if search else {"by": "tags", "tags": tuple(tags or ())}
    )


def _keep(settings: Settings, when: When, **task: Any) -> None:
    from services.cli.running import go
    from services.cli.schedules import printing
    from services.cli.schedules.keeping import keep, schedule_of

    kept = go(settings, keep(settings, schedule_of(when, task), when))
    printing.kept(kept, as_json=when.as_json)
