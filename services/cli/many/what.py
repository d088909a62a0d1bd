"""What is done, in the words that mark, reset and enrol share with the schedules of each."""

from typing import Annotated, Any

import typer

from services.cli.many.options import option

WHAT = "What"

Course = Annotated[str, option(WHAT, "The course.")]
Activity = Annotated[
    list[str] | None, option(WHAT, "An activity of the course; repeat it for more.")
]
WholeCourse = Annotated[
    bool, option(WHAT, "Every activity that is not complete.", "--whole-course")
]
WholeReset = Annotated[bool, option(WHAT, "All of it: the next attempt begins.", "--whole-course")]
Email = Annotated[
    bool,
    option(WHAT, "Whether the completion e-mail goes out; no default.", "--email/--no-email"),
]
Courses = Annotated[list[str] | None, option(WHAT, "A course; repeat it for more.")]
Programs = Annotated[
    list[str] | None, option(WHAT, "Every course of this learning programme; repeatable.")
]
MarkComplete = Annotated[
    bool, option(WHAT, "Mark the whole courses complete then.", "--mark-complete")
]
EmailOfMarked = Annotated[
    bool | None,
    option(WHAT, "With --mark-complete: the completion e-mail.", "--email/--no-email"),
]


def activities(named: list[str] | None, *, whole_course: bool) -> Any:
    """The activities that the options name, or the whole course.

    Raises:
        BadParameter: both are named, or neither.
    """
    from contracts.commands import WHOLE_COURSE

    if bool(named) is whole_course:
        raise typer.BadParameter("name each --activity, or --whole-course, not both or neither.")
    return WHOLE_COURSE if whole_course else tuple(named or ())


def enrolled_in(courses: list[str] | None, programs: list[str] | None) -> dict[str, Any]:
    """The courses and learning programmes that the options name.

    Raises:
        BadParameter: none is named.
    """
    if not courses and not programs:
        raise typer.BadParameter("name a --course or a --program.")
    return {"courses": tuple(courses or ()), "programs": tuple(programs or ())}
