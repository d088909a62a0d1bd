"""``coursemark mark``, ``reset``, ``enrol`` and their previews: declared here."""

from typing import Any

import typer

from services.cli.many.options import ACTING, PREVIEWING, How, Whom, acting
from services.cli.many.what import (
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
from services.runtime.settings import Settings

preview = typer.Typer(help="Say what mark, reset, enrol or undo would do, and change nothing.")


def _mark(
    settings: Settings,
    whom: Whom,
    how: How,
    *,
    course: Course,
    activity: Activity = None,
    whole_course: WholeCourse = False,
    email: Email,
) -> None:
    """Mark activities, or the whole course, complete for one learner or for many.

    One learner: a command and its result. Several: an operation, previewed, asked about, and
    watched to its end. Exit codes: 0 all done or nothing left to do, 1 something was refused, or
    the operation is held, 2 wrong usage, 3 nothing moves.
    """
    named = activities(activity, whole_course=whole_course)
    _go(
        *(settings, "mark", whom, how),
        course=course,
        activities=named,
        send_completion_email=email,
    )


def _reset(
    settings: Settings,
    whom: Whom,
    how: How,
    *,
    course: Course,
    activity: Activity = None,
    whole_course: WholeReset = False,
) -> None:
    """Reset activities, or the whole course, for one learner or for many.

    One learner: a command and its result. Several: an operation, previewed, asked about, and
    watched to its end. Exit codes as of mark.
    """
    named = activities(activity, whole_course=whole_course)
    _go(settings, "reset", whom, how, course=course, activities=named)


def _enrol(
    settings: Settings,
    whom: Whom,
    how: How,
    *,
    course: Courses = None,
    program: Programs = None,
    mark_complete: MarkComplete = False,
    email: EmailOfMarked = None,
) -> None:
    """Enrol one learner or many in courses, or in every course of learning programmes.

    One learner in one course: a command and its result. Otherwise an operation, previewed and
    asked about where there are several learners, and watched to its end. Exit codes as of mark.
    """
    named = enrolled_in(course, program)
    if email is not None and not mark_complete:
        raise typer.BadParameter("goes with --mark-complete.", param_hint="--email")
    _go(
        *(settings, "enrol", whom, how),
        **named,
        mark_complete=mark_complete or None,
        send_completion_email=email,
    )


mark = acting(ACTING)(_mark)
reset = acting(ACTING)(_reset)
enrol = acting(ACTING)(_enrol)
_ENROL = (
    "Say what `enrol` would do: per row with --rows or --out, in all by code, and what goes out. "
    "Exit codes: 0 all would be done or nothing is left to do, 1 something would be refused, "
    "2 wrong usage, 3 nothing moves."
)
preview.command("mark", help=_ENROL.replace("enrol", "mark"))(
    acting(PREVIEWING, dry_run=True)(_mark)
)
preview.command("reset", help=_ENROL.replace("enrol", "reset"))(
    acting(PREVIEWING, dry_run=True)(_reset)
)
preview.command("enrol", help=_ENROL)(acting(PREVIEWING, dry_run=True)(_enrol))
preview.command("enroll", hidden=True)(acting(PREVIEWING, dry_run=True)(_enrol))


def _go(settings: Settings, verb: Any, whom: Whom, how: How, **own: Any) -> None:
    from services.cli.many.carrying_out import carry_out
    from services.cli.many.request import request
    from services.cli.running import go

    code = go(settings, carry_out(settings, request(verb, whom, **own), whom, how))
    if code:
        raise typer.Exit(code)
