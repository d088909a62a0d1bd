"""``coursemark mark``, ``reset``, ``enrol`` and their previews: declared here."""

from typing import Annotated, Any

import typer

from services.cli.many.options import ACTING, PREVIEWING, How, Whom, acting, option
from services.runtime.settings import Settings

_WHAT = "What"
preview = typer.Typer(help="Say what mark, reset, enrol or undo would do, and change nothing.")

Course = Annotated[str, option(_WHAT, "The course.")]
Activity = Annotated[
    list[str] | None, option(_WHAT, "An activity of the course; repeat it for more.")
]
WholeCourse = Annotated[
    bool, option(_WHAT, "Every activity that is not complete.", "--whole-course")
]
Email = Annotated[
    bool,
    option(_WHAT, "Whether the completion e-mail goes out; no default.", "--email/--no-email"),
]


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
    whole_course: Annotated[
        bool, option(_WHAT, "All of it: the next attempt begins.", "--whole-course")
    ] = False,
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
    course: Annotated[list[str] | None, option(_WHAT, "A course; repeat it for more.")] = None,
    program: Annotated[
        list[str] | None, option(_WHAT, "Every course of this learning programme; repeatable.")
    ] = None,
    mark_complete: Annotated[
        bool, option(_WHAT, "Mark the whole courses complete then.", "--mark-complete")
    ] = False,
    email: Annotated[
        bool | None,
        option(_WHAT, "With --mark-complete: the completion e-mail.", "--email/--no-email"),
    ] = None,
) -> None:
    """Enrol one learner or many in courses, or in every course of learning programmes.

    One learner in one course: a command and its result. Otherwise an operation, previewed and
    asked about where there are several learners, and watched to its end. Exit codes as of mark.
    """
    if not course and not program:
        raise typer.BadParameter("name a --course or a --program.")
    if email is not None and not mark_complete:
        raise typer.BadParameter("goes with --mark-complete.", param_hint="--email")
    _go(
        *(settings, "enrol", whom, how),
        courses=tuple(course or ()),
        programs=tuple(program or ()),
        mark_complete=mark_complete or None,
        send_completion_email=email,
    )


mark = acting(ACTING)(_mark)
reset = acting(ACTING)(_reset)
enrol = acting(ACTING)(_enrol)
_ENROL = (
    "Say what `enrol` would do: per row with --rows or --out, in all by code, and what goes out."
)
preview.command("mark", help=_ENROL.replace("enrol", "mark"))(
    acting(PREVIEWING, dry_run=True)(_mark)
)
preview.command("reset", help=_ENROL.replace("enrol", "reset"))(
    acting(PREVIEWING, dry_run=True)(_reset)
)
preview.command("enrol", help=_ENROL)(acting(PREVIEWING, dry_run=True)(_enrol))
preview.command("enroll", hidden=True)(acting(PREVIEWING, dry_run=True)(_enrol))


def activities(named: list[str] | None, *, whole_course: bool) -> Any:
    """The activities that the options name, or the whole course.

    Raises:
        BadParameter: both are named, or neither.
    """
    from contracts.commands import WHOLE_COURSE

    if bool(named) is whole_course:
        raise typer.BadParameter("name each --activity, or --whole-course, not both or neither.")
    return WHOLE_COURSE if whole_course else tuple(named or ())


def _go(settings: Settings, verb: Any, whom: Whom, how: How, **own: Any) -> None:
    from services.cli.many.carrying_out import carry_out
    from services.cli.many.request import request
    from services.cli.running import go

    code = go(settings, carry_out(settings, request(verb, whom, **own), whom, how))
    if code:
        raise typer.Exit(code)
