"""``coursemark search``: declared here."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.options import Json, with_server
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from services.views.search.criteria import Criteria, PageRequest
    from services.views.search.port import Page

Days = tuple[str, str]
_RECORDS, _PEOPLE = "Records: all met by one and the same", "People: as the directory has them now"
_DAYS = "two days (both included, UTC) or instants (the second excluded)."


def _record(*names: str, about: str) -> Any:
    return typer.Option(*names, help=about, rich_help_panel=_RECORDS)


def _person(*names: str, about: str) -> Any:
    return typer.Option(*names, help=about, rich_help_panel=_PEOPLE)


@with_server
def search(  # noqa: PLR0913 - one parameter for each option
    settings: Settings,
    school: str,
    *,
    course: Annotated[str | None, _record(about="In this course alone.")] = None,
    completed_between: Annotated[
        Days | None, _record(about=f"Ever completed, reset since or not: {_DAYS}")
    ] = None,
    manually: Annotated[
        bool | None,
        _record("--manually/--not-manually", about="Ever completed by an administrator, or not."),
    ] = None,
    enrolled_between: Annotated[Days | None, _record(about=f"Ever enrolled: {_DAYS}")] = None,
    status: Annotated[
        str | None, _record(about="Now: not_started, not_completed or completed.")
    ] = None,
    progress: Annotated[
        tuple[float, float] | None, _record(about="Now: least and most, in per cent.")
    ] = None,
    attempt: Annotated[int | None, _record(about="Now: the attempt they are in.")] = None,
    inactive_since: Annotated[
        str | None,
        _record(about="Nothing of their own since that day: in the course, or else in any."),
    ] = None,
    tag: Annotated[list[str] | None, _person(about="With this tag; several: all of them.")] = None,
    role_level: Annotated[
        str | None, _person(about="admin, instructor, reporter, seat_manager or user.")
    ] = None,
    role: Annotated[str | None, _person(about="The custom role's own name.")] = None,
    text: Annotated[
        str | None, _person(about="Words that name or e-mail address have somewhere.")
    ] = None,
    limit: Annotated[int, typer.Option(help="Learners a page, 1 to 200.")] = 50,
    after: Annotated[str | None, typer.Option(help="The cursor that the page before gave.")] = None,
    save: Annotated[
        str | None,
        typer.Option(help="Keep the search under this name, for mark, reset and enrol."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Find learners of a school; a reset takes nobody out of what they ever did."""
    from services.cli.labels import label
    from services.cli.output import write_json
    from services.cli.running import go
    from services.cli.search.asking import asked, shaped
    from services.cli.search.printing import show
    from services.views.search.criteria import page_request

    name = None if save is None else label(save, "--save")
    criteria = asked(
        course=course,
        completed=completed_between,
        manually_completed=manually,
        enrolled=enrolled_between,
        status=status,
        progress=progress,
        attempt=attempt,
        inactive_since=inactive_since,
        tags=tuple(tag or ()) or None,
        role_level=role_level,
        role=role,
        text=text,
    )
    page = go(settings, _find(settings, school, criteria, page_request(limit, after), name))
    if as_json:
        write_json(shaped(page))
    else:
        show(page)


async def _find(
    settings: Settings, school: str, criteria: "Criteria", page: "PageRequest", name: str | None
) -> "Page":
    from services.cli.stack.opening import opened

    async with opened(settings) as stack:
        if name is not None:
            await stack.searches.keep(school, name, criteria)
        return await stack.searches.find(school, criteria, page)
